#include "weir/task/shielded.hpp"

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

task<result<>> rest(duration length) { co_return co_await sleep(length); }

// What a task can still do once it has been stopped.
task<std::pair<errc, errc>> cleans_up(stop_node& stop, duration limit, duration length) {
    stop.request();
    const auto bare = co_await rest(length);
    const auto kept = co_await shielded(limit, rest(length));
    co_return std::pair{bare ? errc{} : bare.error().code(), kept ? errc{} : kept.error().code()};
}

TEST(shielded, ends_what_began_after_a_stop) {
    driver driver;
    const auto [bare, kept] = driver.run(cleans_up(driver.stop(), 1s, 10ms));
    EXPECT_EQ(bare, errc::canceled);
    EXPECT_EQ(kept, errc{});
    EXPECT_EQ(driver.now(), time_point{10ms});
    EXPECT_EQ(driver.loop().next_expiry(), never);
}

TEST(shielded, has_an_end_of_its_own) {
    driver driver;
    EXPECT_EQ(driver.run(cleans_up(driver.stop(), 5ms, 1h)).second, errc::timed_out);
    EXPECT_EQ(driver.now(), time_point{5ms});
}

task<errc> stopped_meanwhile(duration length) {
    const auto slept = co_await shielded(1h, rest(length));
    co_return slept ? errc{} : slept.error().code();
}

task<> stop_after(duration wait, stop_node& stop) {
    (void)co_await sleep(wait);
    stop.request();
}

TEST(shielded, is_not_reached_by_a_stop_that_comes_meanwhile) {
    driver driver;
    driver.scope().spawn(stop_after(1ms, driver.stop()));
    EXPECT_EQ(driver.run(stopped_meanwhile(10ms)), errc{});
    EXPECT_EQ(driver.now(), time_point{10ms});
}

task<errc> under_a_deadline() {
    const auto slept = co_await with_timeout(1ms, stopped_meanwhile(10ms));
    co_return slept;
}

TEST(shielded, is_not_reached_by_an_outer_deadline) {
    driver driver;
    EXPECT_EQ(driver.run(under_a_deadline()), errc{});
    EXPECT_EQ(driver.now(), time_point{10ms});
}

task<time_point> sees_deadline() {
    const auto inner = []() -> task<time_point> {
        const environment& env = co_await this_env{};
        co_return env.deadline();
    };
    co_return co_await with_timeout(1ms, shielded(3s, inner()));
}

TEST(shielded, tells_its_own_deadline_to_those_below) {
    driver driver;
    EXPECT_EQ(driver.run(sees_deadline()), time_point{3s});
}

TEST(shielded, destroyed_while_it_waits_leaves_nothing_behind) {
    scheduler scheduler;
    stop_node stop;
    {
        task_scope scope{environment{scheduler, stop}, [](const error&) { FAIL(); }};
        const auto waits = []() -> task<> { (void)co_await shielded(1h, rest(2h)); };
        scope.spawn(waits());
    }
    EXPECT_EQ(scheduler.next_expiry(), never);
}

}  // namespace
}  // namespace weir::inline v0
