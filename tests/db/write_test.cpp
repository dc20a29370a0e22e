// Writes that share a transaction, and what each of them is told.
#include <gtest/gtest.h>

#include "weir/db/database_metrics.hpp"
#include "weir/metrics/text.hpp"
#include "weir/task/sleep.hpp"

#include "write_house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

class a_write : public write_house {
protected:
    using write_house::write_house;
    void SetUp() override {
        ASSERT_TRUE(write("create table t(id integer primary key, x unique check (x <> 'bad'))"));
    }
};

TEST_F(a_write, answers_with_what_it_returns_and_did) {
    const params bound{{"x", "one"}};
    auto added = write_alone("insert into t(x) values(:x) returning id, x", bound);
    ASSERT_TRUE(added) << added.error().message();
    EXPECT_EQ((*added)[0]["id"].as_integer(), 1);
    EXPECT_EQ((*added)[0]["x"].as_text(), "one");
    EXPECT_EQ(added->changes(), 1);
    EXPECT_EQ(added->last_insert_id(), 1);
    EXPECT_EQ(count("t"), 1);
}

TEST_F(a_write, shares_a_transaction_with_those_that_came_meanwhile) {
    const auto log = write_at_once({{"insert into t(x) values(1)"},
                                    {"insert into t(x) values(2)"},
                                    {"update t set x = x + 10"}});
    EXPECT_EQ(log.codes(), (std::vector<errc>{ok, ok, ok}));
    EXPECT_EQ(log.order, (std::vector<std::size_t>{0, 1, 2})) << "in the order of asking";
    EXPECT_EQ((*log.writes[2].outcome)->changes(), 2);
    EXPECT_EQ(database().stats().groups, 1U);
    EXPECT_EQ(database().stats().grouped, 3U);
    EXPECT_EQ(count("t where x in (11, 12)"), 2);
}

TEST_F(a_write, that_fails_is_undone_alone) {
    const auto log = write_at_once({{"insert into t(x) values(1)"},
                                    {"insert into t(x) values('bad')"},
                                    {"insert into t(x) values(1)"},
                                    {"insert into nowhere values(1)"},
                                    // Those before the bad one would stay without a savepoint.
                                    {"insert or fail into t(x) values(7), ('bad')"},
                                    {"insert into t(x) values(2)"}});
    EXPECT_EQ(log.codes(), (std::vector<errc>{ok, errc::conflict, errc::conflict,
                                              errc::invalid_argument, errc::conflict, ok}));
    EXPECT_EQ(log.writes[1].outcome->error().sqlstate(), "23514");
    EXPECT_EQ(log.writes[2].outcome->error().sqlstate(), "23505");
    EXPECT_EQ(database().stats().groups, 1U);
    EXPECT_EQ(count("t"), 2);
}

TEST_F(a_write, that_rolls_the_transaction_back_takes_no_neighbour_with_it) {
    const auto log = write_at_once({{"insert into t(x) values(1)"},
                                    {"insert or rollback into t(x) values('bad')"},
                                    {"insert into t(x) values(2)"},
                                    {"insert or rollback into t(x) values('bad')"},
                                    {"insert into t(x) values(3)"}});
    EXPECT_EQ(log.codes(), (std::vector<errc>{ok, errc::conflict, ok, errc::conflict, ok}));
    EXPECT_EQ(count("t"), 3);
    EXPECT_EQ((*log.writes[4].outcome)->last_insert_id(), 3) << "none ran twice";
}

TEST_F(a_write, that_is_interrupted_takes_no_neighbour_with_it) {
    const std::string endless =
        "insert into t(x) with recursive n(x) as (select 1 union all select x + 1 from n)"
        " select x from n";
    const auto log = write_at_once(
        {{"insert into t(x) values('a')"}, {endless, 50ms}, {"insert into t(x) values('b')"}});
    EXPECT_EQ(log.codes(), (std::vector<errc>{ok, errc::timed_out, ok}));
    EXPECT_EQ(count("t"), 2);
    EXPECT_EQ(database().stats().writer.discarded, 0U);
}

TEST_F(a_write, that_leaves_a_deferred_foreign_key_unmatched_fails_alone) {
    ASSERT_TRUE(write("create table child(parent references t deferrable initially deferred)"));
    const auto log = write_at_once({{"insert into t(id) values(1)"},
                                    {"insert into child values(2)"},
                                    {"insert into child values(1)"}});
    EXPECT_EQ(log.codes(), (std::vector<errc>{ok, errc::conflict, ok}));
    EXPECT_EQ(log.writes[1].outcome->error().sqlstate(), "23503");
    EXPECT_EQ(count("child"), 1);
}

TEST_F(a_write, neither_reads_only_nor_controls_transactions) {
    const auto log = write_at_once({{"insert into t(x) values(1)"},
                                    {"select 1"},
                                    {"commit"},
                                    {"rollback"},
                                    {"release one"},
                                    {"savepoint two"},
                                    {"begin"},
                                    {"begin immediate"},
                                    {"insert into t(x) values(2)"}});
    EXPECT_EQ(log.writes.front().code(), ok);
    EXPECT_EQ(log.writes.back().code(), ok);
    for (std::size_t at = 1; at + 1 < log.writes.size(); ++at)
        EXPECT_EQ(log.writes[at].code(), errc::invalid_argument) << at;
    EXPECT_EQ(count("t"), 2);
}

TEST_F(a_write, that_is_stopped_before_it_begins_never_does) {
    const auto pass = [](duration time) -> task<> { co_await sleep(time); };
    const auto log = write_at_once({{"insert into t(x) values(1)", 10ms},
                                    {"insert into t(x) values(2)", 10ms},
                                    {"insert into t(x) values(3)"}},
                                   pass(50ms));
    EXPECT_EQ(log.codes(), (std::vector<errc>{errc::timed_out, errc::timed_out, ok}));
    EXPECT_EQ(count("t"), 1);
    EXPECT_EQ(write_at_once({{"insert into t(x) values(4)", 0ms}}).codes(),
              std::vector<errc>{errc::timed_out});
}

task<> destroy_while_they_wait(db::database& database) {
    const environment& env = co_await this_env{};
    auto held = co_await database.writer();
    write_log log;
    {
        task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
        for (int at = 0; at < 3; ++at)
            scope.spawn(write_into(database, "insert into t(x) values(1)", 30s, log));
        co_await sleep(5ms);
    }
    EXPECT_EQ(database.stats().writes_waiting, 0U);
    held->release();
    EXPECT_TRUE(co_await database.write("insert into t(x) values(2)"));
}

TEST_F(a_write, that_is_destroyed_while_it_waits_leaves_nothing) {
    run(destroy_while_they_wait(database()));
    EXPECT_EQ(count("t"), 1);
}

task<> destroy_while_one_runs(db::database& database) {
    const environment& env = co_await this_env{};
    write_log log;
    {
        task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
        scope.spawn(write_into(database,
                               "insert into t(x) with recursive n(x) as (select 1 union all"
                               " select x + 1 from n) select x from n",
                               30s, log));
        co_await sleep(20ms);
    }
    EXPECT_TRUE(co_await database.write("insert into t(x) values(2)"));
}

TEST_F(a_write, has_ended_when_the_task_that_waited_is_destroyed) {
    run(destroy_while_one_runs(database()));
    EXPECT_EQ(count("t"), 1);
}

task<> write_in_turn_with_a_session(db::database& database, write_log& log) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    auto first = co_await database.writer();
    scope.spawn(write_into(database, "insert into t(x) values(1)", 30s, log));
    auto second = database.writer();
    first->release();
    auto session = co_await std::move(second);
    EXPECT_TRUE(co_await session->query("begin"));
    EXPECT_TRUE(co_await session->query("insert into t(x) values(2)"));
    scope.spawn(write_into(database, "insert into t(x) values(2)", 30s, log));
    co_await sleep(10ms);
    EXPECT_TRUE(co_await session->query("commit"));
    session->release();
    co_await scope.join();
}

TEST_F(a_write, takes_turns_with_sessions_that_write) {
    write_log log;
    run(write_in_turn_with_a_session(database(), log));
    EXPECT_EQ(log.codes(), (std::vector<errc>{ok, errc::conflict}));
    EXPECT_EQ(count("t"), 2);
}

TEST_F(a_write, is_refused_where_the_database_is_read_only) {
    database_options options;
    options.read_only = true;
    db::database other{"sqlite:" + path(), threads(), options};
    auto refused = run(other.write("insert into t(x) values(1)"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), errc::unsupported);
}

TEST_F(a_write, is_told_to_a_registry) {
    metrics::registry registry{1};
    {
        const database_metrics shown{registry, database()};
        write_at_once({{"insert into t(x) values(1)"}, {"insert into t(x) values(2)"}});
    }
    ASSERT_TRUE(write_alone("insert into t(x) values(3)")) << "which nobody is told of";
    std::string text;
    metrics::write_text(registry, text);
    for (const char* line :
         {"weir_db_group_statements_bucket{le=\"1\"} 0", "weir_db_group_statements_sum 2",
          "weir_db_group_statements_bucket{le=\"4\"} 1", "weir_db_group_duration_seconds_count 1"})
        EXPECT_NE(text.find(line), std::string::npos) << line << '\n' << text;
}

class writes_with_bounds : public write_house {
protected:
    explicit writes_with_bounds(const group_options& bounds = two_of_some_bytes())
        : write_house{bounded(bounds)} {}
    static group_options two_of_some_bytes() {
        group_options bounds;
        bounds.max_statements = 2;
        bounds.max_bytes = 100;
        bounds.max_waiting = 6;
        return bounds;
    }
    static database_options bounded(const group_options& bounds) {
        database_options options = creating();
        options.group = bounds;
        options.connections.acquire_timeout = 300ms;
        return options;
    }
    void SetUp() override { ASSERT_TRUE(write("create table t(x)")); }
};

TEST_F(writes_with_bounds, share_a_transaction_up_to_their_number) {
    const std::vector<timed_write> five(5, {"insert into t values(1)"});
    EXPECT_EQ(write_at_once(five).codes(), std::vector<errc>(5, ok));
    EXPECT_EQ(database().stats().groups, 3U);
}

TEST_F(writes_with_bounds, share_a_transaction_up_to_their_bytes_and_one_that_is_larger_is_alone) {
    const timed_write large{"insert into t values('" + std::string(200, 'x') + "')"};
    EXPECT_EQ(write_at_once({large, large, large}).codes(), std::vector<errc>(3, ok));
    EXPECT_EQ(database().stats().groups, 3U);
}

TEST_F(writes_with_bounds, are_refused_where_too_many_wait) {
    const std::vector<timed_write> seven(7, {"insert into t values(1)"});
    auto expected = std::vector<errc>(6, ok);
    expected.push_back(errc::overloaded);
    EXPECT_EQ(write_at_once(seven).codes(), expected);
    EXPECT_EQ(count("t"), 6);
}

TEST_F(writes_with_bounds, are_refused_where_their_turn_does_not_come_in_time) {
    const auto pass = [](duration time) -> task<> { co_await sleep(time); };
    const std::vector<timed_write> two(2, {"insert into t values(1)"});
    EXPECT_EQ(write_at_once(two, pass(900ms)).codes(), std::vector<errc>(2, errc::overloaded));
    EXPECT_EQ(count("t"), 0);
    EXPECT_TRUE(write_alone("insert into t values(1)"));
}

class writes_apart : public writes_with_bounds {
protected:
    writes_apart() : writes_with_bounds{one()} {}
    static group_options one() {
        group_options bounds;
        bounds.max_statements = 1;
        return bounds;
    }
};

TEST_F(writes_apart, have_a_transaction_each_where_grouping_is_off) {
    const std::vector<timed_write> four(4, {"insert into t values(1)"});
    EXPECT_EQ(write_at_once(four).codes(), std::vector<errc>(4, ok));
    EXPECT_EQ(database().stats().groups, 4U);
}

class writes_of_one_thread : public write_house {
protected:
    writes_of_one_thread() : write_house{creating(), 1, 0} {}
};

TEST_F(writes_of_one_thread, are_refused_where_no_thread_takes_them) {
    // The queue for threads holds nothing at all.
    for (int attempt = 0; attempt < 2; ++attempt)
        EXPECT_EQ(write_alone("create table t(x)").error(), errc::overloaded);
    EXPECT_EQ(database().stats().writer.in_use, 0U);
}

}  // namespace
}  // namespace weir::inline v0::db
