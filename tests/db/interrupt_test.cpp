// A query that is stopped: it ends at once, for the right reason, and harms no other.
#include <chrono>
#include <latch>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "busy_threads.hpp"
#include "house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view endless =
    "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n";

error error_of(result<rows>& outcome) {
    return outcome ? error{errc::internal, "it ended"} : std::move(outcome.error());
}

class a_stopped_query : public house {};
class a_query_in_flight : public house {};

task<result<std::string>> time_out_and_go_on(database& database) {
    auto session = co_await or_return(database.session());
    auto stopped = co_await with_timeout(50ms, session.query(endless));
    EXPECT_EQ(error_of(stopped), errc::timed_out);
    auto after = co_await or_return(session.query("select 'still good'"));
    co_return std::string{after[0][0].as_text()};
}

TEST_F(a_stopped_query, times_out_within_a_second_and_its_session_is_good_afterwards) {
    const auto start = std::chrono::steady_clock::now();
    auto after = run(time_out_and_go_on(database()));
    ASSERT_TRUE(after) << after.error().message();
    EXPECT_EQ(*after, "still good");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
    EXPECT_EQ(database().stats().readers.discarded, 0U);
}

task<result<>> keep_code(task<result<rows>> query, errc& code) {
    auto outcome = co_await std::move(query);
    code = outcome ? errc{} : outcome.error().code();
    co_return result<>{};
}

task<> cancel_after(database& database, duration wait, errc& code) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    auto session = co_await database.session();
    scope.spawn(keep_code(session->query(endless), code));
    co_await sleep(wait);
    scope.request_stop();
    co_await scope.join();
}

TEST_F(a_stopped_query, is_canceled_with_its_scope) {
    errc code{};
    run(cancel_after(database(), 20ms, code));
    EXPECT_EQ(code, errc::canceled);
    EXPECT_TRUE(read("select 1"));
}

TEST_F(a_stopped_query, does_not_begin_where_the_stop_came_first) {
    const auto late = [](db::database& database) -> task<result<rows>> {
        auto session = co_await or_return(database.session());
        co_return co_await with_timeout(0ms, session.query("select 1"));
    };
    auto outcome = run(late(database()));
    EXPECT_EQ(error_of(outcome), errc::timed_out);
    EXPECT_EQ(database().stats().prepared, 0U);
}

task<> destroy_after(database& database, duration wait, errc& code) {
    const environment& env = co_await this_env{};
    auto session = co_await database.session();
    {
        task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
        scope.spawn(keep_code(session->query(endless), code));
        co_await sleep(wait);
    }
    auto after = co_await session->query("select 1");
    EXPECT_TRUE(after) << after.error().message();
}

TEST_F(a_stopped_query, has_ended_when_the_task_that_waited_is_destroyed) {
    errc untouched = errc::internal;
    run(destroy_after(database(), 0ms, untouched));
    run(destroy_after(database(), 20ms, untouched));
    EXPECT_EQ(untouched, errc::internal);
}

// Many stops around the end of a query: none may hit the next.
task<result<int>> stop_around_the_end(database& database) {
    auto session = co_await or_return(database.session());
    int stopped = 0;
    for (int last = 0; last < 300; ++last) {
        params bound{{"last", last * 60}};
        auto first = co_await with_timeout(
            1ms, session.query("with recursive n(x) as (select 1 union all select x + 1 from n"
                               " where x < :last) select count(*) from n",
                               bound));
        if (!first) {
            EXPECT_EQ(first.error(), errc::timed_out) << first.error().message();
            ++stopped;
        }
        co_await or_return(session.query("select 1"));
    }
    co_return stopped;
}

TEST_F(a_stopped_query, never_takes_the_next_one_with_it) {
    auto stopped = run(stop_around_the_end(database()));
    ASSERT_TRUE(stopped) << stopped.error().message();
    RecordProperty("stopped", *stopped);
}

task<result<bool>> interrupt_a_write(database& database) {
    auto session = co_await or_return(database.writer());
    co_await or_return(session.query("create table t(x)"));
    auto stopped = co_await with_timeout(
        30ms, session.query("insert into t with recursive n(x) as (select 1 union all"
                            " select x + 1 from n) select x from n"));
    EXPECT_EQ(error_of(stopped), errc::timed_out);
    co_await or_return(session.query("insert into t values(1)"));
    auto counted = co_await or_return(session.query("select count(*) from t"));
    co_return counted[0][0].as_integer() == 1;
}

TEST_F(a_stopped_query, leaves_nothing_of_a_write) {
    auto alone = run(interrupt_a_write(database()));
    ASSERT_TRUE(alone) << alone.error().message();
    EXPECT_TRUE(*alone);
}

task<result<rows>> ask_twice_at_once(database& database) {
    auto session = co_await or_return(database.session());
    auto both = when_all(session.query("select 1"), session.query("select 2"));
    auto [first, second] = co_await std::move(both);
    EXPECT_TRUE(first);
    co_return std::move(second);
}

TEST_F(a_query_in_flight, refuses_a_second_one_on_its_session) {
    auto second = run(ask_twice_at_once(database()));
    EXPECT_EQ(error_of(second), errc::internal);
}

// One thread, and somebody sits on it.
class a_queued_query : public house {
protected:
    a_queued_query() : house{creating(), 1} {}
};

task<result<>> time_out_in_the_queue(database& database, io::blocking_pool& threads,
                                     std::latch& release) {
    auto session = co_await or_return(database.session());
    sit_until(release, threads);
    while (threads.queued() > 0) co_await or_return(sleep(1ms));
    auto stopped = co_await with_timeout(20ms, session.query("select 1"));
    EXPECT_EQ(error_of(stopped), errc::timed_out);
    release.count_down();
    co_await or_return(session.query("select 1"));
    co_return result<>{};
}

TEST_F(a_queued_query, times_out_where_no_thread_comes_free_and_never_runs) {
    std::latch release{1};
    auto ended = run(time_out_in_the_queue(database(), threads(), release));
    EXPECT_TRUE(ended) << ended.error().message();
    EXPECT_EQ(database().stats().prepared, 1U);
    EXPECT_EQ(database().stats().readers.in_use, 0U);
}

}  // namespace
}  // namespace weir::inline v0::db
