// What a query costs once everything is warm: no allocation of ours, and no preparation.
#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "house.hpp"
#include "support/allocations.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

// One thread, whose allocations can be told.
class the_steady_state : public house {
protected:
    the_steady_state() : house{creating(), 1} {}
    void SetUp() override {
        ASSERT_TRUE(heap::count_apart("libsqlite3"));
        ASSERT_TRUE(write("create table vendor(prefix text primary key, name text)"));
        ASSERT_TRUE(write("insert into vendor values('0000f8', 'Digital Equipment Corporation')"));
    }
    void TearDown() override { heap::count_nothing_apart(); }
};

task<result<>> look_up(database& database) {
    auto session = co_await or_return(database.session());
    params bound{{"prefix", "0000f8"}};
    auto found = co_await or_return(
        session.query("select prefix, name from vendor where prefix = :prefix", bound));
    EXPECT_EQ(found[0]["name"].as_text(), "Digital Equipment Corporation");
    co_return result<>{};
}

task<result<std::uint64_t>> allocations_of_lookups(database& database, int times) {
    const std::uint64_t before = heap::requests();
    for (int at = 0; at < times; ++at) co_await or_return(look_up(database));
    co_return heap::requests() - before;
}

TEST_F(the_steady_state, allocates_nothing_for_a_query) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has the heap";
    ASSERT_TRUE(run(allocations_of_lookups(database(), 10)));
    auto made = run(allocations_of_lookups(database(), 5));
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_EQ(*made, 0U) << "on threads";
    EXPECT_EQ(database().stats().on_loop, 0U);
    // A busy turn has one more connection opened, once. A machine that is busy may make short
    // queries look long, which sends them to threads again.
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    const auto in_time = [&] { return std::chrono::steady_clock::now() < deadline; };
    while (database().stats().lock_keeping_turns == 0 && in_time())
        ASSERT_TRUE(run(allocations_of_lookups(database(), 100)));
    const std::uint64_t enough = database().stats().on_loop + 200;
    while (database().stats().on_loop < enough && in_time()) {
        made = run(allocations_of_lookups(database(), 100));
        ASSERT_TRUE(made) << made.error().message();
        EXPECT_EQ(*made, 0U) << "on the loop";
    }
    EXPECT_GE(database().stats().on_loop, enough);
}

constexpr int writers = 32;

task<> write_twenty_times(database& database, int writer) {
    for (int at = 0; at < 20; ++at) {
        const params bound{{"prefix", writer}};
        const auto done =
            co_await database.write("update vendor set prefix = :prefix returning name", bound);
        EXPECT_TRUE(done) << done.error().message();
    }
}

void spawn_writers(task_scope& scope, database& database) {
    for (int writer = 0; writer < writers; ++writer)
        scope.spawn(write_twenty_times(database, writer));
}

// The first group is of all of them, so that as many answers have been there as there can be.
task<result<>> warm_up(database& database) {
    const environment& env = co_await this_env{};
    auto holder = co_await or_return(database.writer());
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    spawn_writers(scope, database);
    while (database.stats().writes_waiting < writers) co_await or_return(sleep(1ms));
    holder.release();
    co_await scope.join();
    co_return result<>{};
}

task<result<std::uint64_t>> allocations_of_writes(database& database) {
    const environment& env = co_await this_env{};
    const std::uint64_t before = heap::requests();
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    spawn_writers(scope, database);
    co_await scope.join();
    co_return heap::requests() - before;
}

TEST_F(the_steady_state, allocates_nothing_for_writes_in_groups) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has the heap";
    ASSERT_TRUE(run(warm_up(database())));
    const auto stats = database().stats();
    auto made = run(allocations_of_writes(database()));
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_EQ(*made, 0U);
    EXPECT_LT(database().stats().groups - stats.groups, 20U * writers / 4) << "they were gathered";
}

task<result<std::uint64_t>> allocations_of_single_writes(database& database, int times) {
    const std::uint64_t before = heap::requests();
    const params bound{{"prefix", 1}};
    for (int at = 0; at < times; ++at)
        co_await or_return(database.write("update vendor set prefix = :prefix", bound));
    co_return heap::requests() - before;
}

// Each is a group of its own, for which a thread has to be asked.
TEST_F(the_steady_state, allocates_nothing_for_a_write_alone) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has the heap";
    ASSERT_TRUE(run(allocations_of_single_writes(database(), 10)));
    auto made = run(allocations_of_single_writes(database(), 100));
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_EQ(*made, 0U);
}

TEST_F(the_steady_state, prepares_a_statement_once_for_each_connection) {
    const std::uint64_t before = database().stats().prepared;
    // The same text in another place is the same statement.
    const std::string text = "select :x";
    const std::string copy = text;
    for (int at = 0; at < 10; ++at) {
        ASSERT_TRUE(read(text, params{{"x", at}}));
        ASSERT_TRUE(read(copy, params{{"x", at}}));
    }
    EXPECT_EQ(database().stats().prepared - before, 1U);
}

class a_small_cache : public house {
protected:
    a_small_cache() : house{two_statements()} {}
    static database_options two_statements() {
        database_options options = creating();
        options.cached_statements = 2;
        return options;
    }
};

TEST_F(a_small_cache, forgets_the_statement_that_was_used_least_recently) {
    for (const char* sql : {"select 1", "select 2", "select 1", "select 3", "select 1"})
        ASSERT_TRUE(read(sql));
    EXPECT_EQ(database().stats().prepared, 3U);
    ASSERT_TRUE(read("select 2"));
    EXPECT_EQ(database().stats().prepared, 4U);
}

TEST_F(a_small_cache, follows_a_change_of_the_schema) {
    ASSERT_TRUE(write("create table t(a)"));
    ASSERT_TRUE(write("insert into t values(1)"));
    EXPECT_EQ(read("select * from t")->columns(), 1U);
    ASSERT_TRUE(write("alter table t add column b default 'new'"));
    auto wider = read("select * from t");
    ASSERT_TRUE(wider);
    ASSERT_EQ(wider->columns(), 2U);
    EXPECT_EQ((*wider)[0]["b"].as_text(), "new");
}

}  // namespace
}  // namespace weir::inline v0::db
