#include "weir/task/with_timeout.hpp"

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

task<result<>> nap(duration length) { co_return co_await sleep(length); }

task<result<>> nap_within(duration limit, duration length) {
    co_return co_await with_timeout(limit, nap(length));
}

TEST(with_timeout, lets_through_what_ends_in_time) {
    driver driver;
    EXPECT_TRUE(driver.run(nap_within(1s, 10ms)).has_value());
    EXPECT_EQ(driver.now(), time_point{10ms});
    EXPECT_EQ(driver.loop().next_expiry(), never);
}

TEST(with_timeout, ends_what_lasts_longer_with_timed_out) {
    driver driver;
    EXPECT_EQ(driver.run(nap_within(10ms, 1h)).error(), errc::timed_out);
    EXPECT_EQ(driver.now(), time_point{10ms});
}

task<result<>> stopped_within(stop_node& stop) {
    const auto stops = [](stop_node& node) -> task<result<>> {
        node.request();
        co_return co_await sleep(1h);
    };
    co_return co_await with_timeout(1s, stops(stop));
}

TEST(with_timeout, never_takes_a_stop_for_a_deadline) {
    driver driver;
    EXPECT_EQ(driver.run(stopped_within(driver.stop())).error(), errc::canceled);
}

task<errc> outer_is_narrower() {
    auto outer = co_await with_timeout(10ms, nap_within(1h, 2h));
    co_return outer ? errc{} : outer.error().code();
}

TEST(with_timeout, nests_and_the_earliest_deadline_wins) {
    driver driver;
    EXPECT_EQ(driver.run(outer_is_narrower()), errc::timed_out);
    EXPECT_EQ(driver.now(), time_point{10ms});
}

task<bool> goes_on_after_inner_timeout() {
    auto inner = co_await with_timeout(5ms, nap(1h));
    EXPECT_EQ(inner.error(), errc::timed_out);
    auto later = co_await sleep(5ms);
    co_return later.has_value();
}

TEST(with_timeout, does_not_touch_what_comes_after_it) {
    driver driver;
    EXPECT_TRUE(driver.run(goes_on_after_inner_timeout()));
    EXPECT_EQ(driver.now(), time_point{10ms});
}

task<result<int>> leaves_through_a_timeout() {
    co_await or_return(with_timeout(5ms, sleep(1h)));
    co_return 1;
}

TEST(with_timeout, combines_with_or_return) {
    driver driver;
    EXPECT_EQ(driver.run(leaves_through_a_timeout()).error(), errc::timed_out);
}

task<time_point> sees_deadline() {
    const auto inner = []() -> task<time_point> {
        const environment& env = co_await this_env{};
        co_return env.deadline();
    };
    co_return co_await with_timeout(3s, inner());
}

TEST(with_timeout, tells_the_deadline_to_those_below) {
    driver driver;
    EXPECT_EQ(driver.run(sees_deadline()), time_point{3s});
}

task<result<>> nap_until(time_point deadline, duration length) {
    co_return co_await with_deadline(deadline, nap(length));
}

TEST(with_deadline, lets_through_what_ends_before_it) {
    driver driver;
    EXPECT_TRUE(driver.run(nap_until(time_point{1s}, 10ms)).has_value());
    EXPECT_EQ(driver.now(), time_point{10ms});
    EXPECT_EQ(driver.loop().next_expiry(), never);
}

TEST(with_deadline, ends_at_that_point_in_time_whatever_has_passed_before) {
    driver driver;
    EXPECT_TRUE(driver.run(nap(15ms)).has_value());
    EXPECT_EQ(driver.run(nap_until(time_point{20ms}, 1h)).error(), errc::timed_out);
    EXPECT_EQ(driver.now(), time_point{20ms});
}

TEST(with_deadline, that_is_over_ends_at_once) {
    driver driver;
    EXPECT_TRUE(driver.run(nap(15ms)).has_value());
    EXPECT_EQ(driver.run(nap_until(time_point{10ms}, 1h)).error(), errc::timed_out);
    EXPECT_EQ(driver.now(), time_point{15ms});
}

task<result<>> nap_within_until(duration limit, time_point deadline) {
    co_return co_await with_timeout(limit, nap_until(deadline, 1h));
}

TEST(with_deadline, extends_no_deadline_around_it) {
    driver driver;
    EXPECT_EQ(driver.run(nap_within_until(10ms, time_point{1s})).error(), errc::timed_out);
    EXPECT_EQ(driver.now(), time_point{10ms});
}

}  // namespace
}  // namespace weir::inline v0
