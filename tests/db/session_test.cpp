#include <algorithm>
#include <latch>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "busy_threads.hpp"
#include "house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

void report(const error& why) { ADD_FAILURE() << why.message(); }

class a_session : public house {
protected:
    void SetUp() override { ASSERT_TRUE(write("create table t(x)")); }
    std::int64_t count() { return (*read("select count(*) from t"))[0][0].as_integer(); }
};

task<result<>> leave_a_transaction_open(database& database) {
    auto session = co_await or_return(database.writer());
    co_await or_return(session.query("begin immediate"));
    co_await or_return(session.query("insert into t values(1)"));
    EXPECT_TRUE(session.in_transaction());
    co_return result<>{};
}

TEST_F(a_session, that_comes_back_in_a_transaction_is_rolled_back) {
    ASSERT_TRUE(run(leave_a_transaction_open(database())));
    auto next = write("insert into t values(2)");
    ASSERT_TRUE(next) << next.error().message();
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(database().stats().writer.discarded, 0U);
}

task<result<>> commit_one(database& database) {
    auto session = co_await or_return(database.writer());
    co_await or_return(session.query("begin immediate"));
    co_await or_return(session.query("insert into t values(1)"));
    co_await or_return(session.query("commit"));
    co_return result<>{};
}

TEST_F(a_session, keeps_what_it_committed) {
    ASSERT_TRUE(run(commit_one(database())));
    EXPECT_EQ(count(), 1);
}

TEST_F(a_session, may_be_moved_and_given_back_early) {
    const auto move = [](db::database& database) -> task<result<>> {
        auto first = co_await or_return(database.session());
        auto second = co_await or_return(database.session());
        EXPECT_EQ(database.stats().readers.in_use, 2U);
        first = std::move(second);
        EXPECT_TRUE(co_await first.query("select 1"));
        first.release();
        second.release();
        EXPECT_EQ(database.stats().readers.in_use, 0U);
        EXPECT_EQ(database.stats().readers.idle, 2U);
        co_return result<>{};
    };
    EXPECT_TRUE(run(move(database())));
}

task<result<>> add_one(database& database) {
    auto session = co_await or_return(database.writer());
    co_await or_return(session.query("begin"));
    auto before = co_await or_return(session.query("select count(*) from t"));
    co_await yield();
    params bound{{"x", before[0][0].as_integer()}};
    co_await or_return(session.query("insert into t values(:x)", bound));
    co_await or_return(session.query("commit"));
    co_return result<>{};
}

task<> add_many(database& database, int times) {
    const environment& env = co_await this_env{};
    task_scope scope{env, report};
    for (int at = 0; at < times; ++at) scope.spawn(add_one(database));
    co_await scope.join();
}

TEST_F(a_session, to_write_with_is_the_only_one) {
    run(add_many(database(), 20));
    EXPECT_EQ((*read("select count(distinct x) from t"))[0][0].as_integer(), 20);
    EXPECT_EQ(database().stats().writer.created, 1U);
}

TEST_F(a_session, sees_what_was_committed_before_it_asked) {
    for (int at = 1; at <= 10; ++at) {
        ASSERT_TRUE(write("insert into t values(0)"));
        EXPECT_EQ(count(), at);
    }
}

task<result<>> note_turn(database& database, int number, std::vector<int>& turns) {
    auto session = co_await or_return(database.session());
    turns.push_back(number);
    co_await or_return(session.query("select count(*) from t"));
    co_return result<>{};
}

task<> ask_many(database& database, int tasks, std::vector<int>& turns) {
    const environment& env = co_await this_env{};
    task_scope scope{env, report};
    // Opens the connections, so that none comes late.
    auto first = co_await database.session();
    auto second = co_await database.session();
    for (int number = 0; number < tasks; ++number) scope.spawn(note_turn(database, number, turns));
    EXPECT_EQ(database.stats().readers.waiting, static_cast<std::size_t>(tasks));
    first->release();
    second->release();
    co_await scope.join();
}

class few_readers : public house {
protected:
    few_readers() : house{options()} {}
    void SetUp() override { ASSERT_TRUE(write("create table t(x)")); }

    static database_options options() {
        database_options few = creating();
        few.connections.max_size = 2;
        few.connections.max_waiters = 100;
        return few;
    }
};

TEST_F(few_readers, serve_many_tasks_in_the_order_of_their_asking) {
    std::vector<int> turns;
    run(ask_many(database(), 100, turns));
    ASSERT_EQ(turns.size(), 100U);
    EXPECT_TRUE(std::is_sorted(turns.begin(), turns.end()));
    EXPECT_EQ(database().stats().readers.created, 2U);
    EXPECT_EQ(database().stats().readers.in_use, 0U);
    EXPECT_EQ(database().stats().readers.waiting, 0U);
}

task<result<>> give_up_waiting(database& database) {
    auto first = co_await or_return(database.session());
    auto second = co_await or_return(database.session());
    auto third = co_await with_timeout(20ms, database.session());
    EXPECT_FALSE(third);
    if (!third) {
        EXPECT_EQ(third.error(), errc::timed_out);
    }
    EXPECT_EQ(database.stats().readers.waiting, 0U);
    co_return result<>{};
}

TEST_F(few_readers, are_waited_for_no_longer_than_the_deadline) {
    EXPECT_TRUE(run(give_up_waiting(database())));
    EXPECT_EQ(database().stats().readers.in_use, 0U);
    EXPECT_TRUE(read("select 1"));
}

task<> give_back_while_all_are_busy(database& database, io::blocking_pool& threads,
                                    std::latch& until) {
    auto session = co_await database.writer();
    co_await session->query("create table t(x)");
    co_await session->query("begin immediate");
    co_await session->query("insert into t values(1)");
    // The one works, the other fills the queue.
    sit_until(until, threads);
    while (threads.queued() > 0) co_await sleep(1ms);
    sit_until(until, threads);
    EXPECT_EQ(threads.queued(), 1U);
    session->release();
    EXPECT_EQ(database.stats().writer.idle, 1U);
    until.count_down();
    while (threads.queued() > 0) co_await sleep(1ms);
    auto again = co_await database.writer();
    EXPECT_FALSE(again->in_transaction());
}

class one_thread_and_a_queue_of_one : public house {
protected:
    one_thread_and_a_queue_of_one() : house{creating(), 1, 1} {}
};

TEST_F(one_thread_and_a_queue_of_one, are_not_needed_to_roll_back) {
    std::latch until{1};
    run(give_back_while_all_are_busy(database(), threads(), until));
}

}  // namespace
}  // namespace weir::inline v0::db
