#include "weir/task/when_any.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

task<result<int>> answer_after(duration wait, int answer) {
    auto slept = co_await sleep(wait);
    if (!slept) co_return fail(std::move(slept).error());
    co_return answer;
}

task<> first_wins() {
    auto [first, outcomes] = co_await when_any(answer_after(1h, 1), answer_after(5ms, 2));
    auto& [slow, fast] = outcomes;
    EXPECT_EQ(first, 1U);
    EXPECT_EQ(fast.value_or(0), 2);
    EXPECT_EQ(slow.error(), errc::canceled);
}

TEST(when_any, ends_with_the_first_and_stops_the_others) {
    driver driver;
    driver.run(first_wins());
    EXPECT_EQ(driver.now(), time_point{5ms});
    EXPECT_EQ(driver.loop().next_expiry(), never);
}

// Takes its time although it is stopped.
task<int> winds_up(duration wind_up, bool& ended) {
    (void)co_await sleep(1h);
    for (duration turns{}; turns < wind_up; turns += 1ms) co_await yield();
    ended = true;
    co_return 7;
}

task<> awaits_losers(bool& ended) {
    auto [first, outcomes] = co_await when_any(answer_after(1ms, 1), winds_up(3ms, ended));
    EXPECT_EQ(first, 0U);
    EXPECT_TRUE(ended);
    EXPECT_EQ(std::get<1>(outcomes), 7);
}

TEST(when_any, awaits_those_it_stopped) {
    driver driver;
    bool ended = false;
    driver.run(awaits_losers(ended));
}

task<std::unique_ptr<int>> hands_over() { co_return std::make_unique<int>(5); }
task<> ends_at_once() { co_return; }

task<> at_once() {
    auto [first, outcomes] = co_await when_any(hands_over(), answer_after(1h, 2), ends_at_once());
    static_assert(std::is_same_v<std::tuple_element_t<2, decltype(outcomes)>, std::monostate>);
    EXPECT_EQ(first, 0U);
    EXPECT_EQ(*std::get<0>(outcomes), 5);
    EXPECT_EQ(std::get<1>(outcomes).error(), errc::canceled);
}

TEST(when_any, stops_those_from_the_start_that_come_after_one_that_ended_at_once) {
    driver driver;
    driver.run(at_once());
    EXPECT_EQ(driver.now(), time_point{});
}

task<> both_at_once() {
    auto [first, outcomes] = co_await when_any(answer_after(5ms, 1), answer_after(5ms, 2));
    EXPECT_EQ(first, 0U);
    EXPECT_EQ(std::get<0>(outcomes).value_or(0), 1);
    EXPECT_EQ(std::get<1>(outcomes).value_or(0), 2);  // it had ended as well
}

TEST(when_any, loses_nothing_of_those_that_ended_in_the_same_turn) {
    driver driver;
    driver.run(both_at_once());
}

task<std::string> catches_the_first(bool& other_ended) {
    const auto thrower = []() -> task<int> {
        co_await yield();
        throw std::runtime_error{"first"};
    };
    try {
        (void)co_await when_any(thrower(), winds_up(1ms, other_ended));
    } catch (const std::runtime_error& thrown) {
        co_return thrown.what();
    }
    co_return "";
}

TEST(when_any, rethrows_after_all_have_ended) {
    driver driver;
    bool other_ended = false;
    EXPECT_EQ(driver.run(catches_the_first(other_ended)), "first");
    EXPECT_TRUE(other_ended);
}

task<> stopped_from_above(stop_node& stop) {
    const auto stops = [](stop_node& node) -> task<> {
        (void)co_await sleep(1ms);
        node.request(errc::timed_out);
    };
    auto [all, stopped] = co_await when_all(
        []() -> task<errc> {
            auto [first, outcomes] = co_await when_any(answer_after(1h, 1), answer_after(2h, 2));
            EXPECT_EQ(std::get<1>(outcomes).error(), errc::timed_out);
            co_return std::get<0>(outcomes).error().code();
        }(),
        stops(stop));
    EXPECT_EQ(all, errc::timed_out);
}

TEST(when_any, hands_a_stop_from_above_to_each_with_its_reason) {
    driver driver;
    driver.run(stopped_from_above(driver.stop()));
    EXPECT_EQ(driver.now(), time_point{1ms});
}

TEST(when_any, destroyed_while_parts_wait_leaves_nothing_behind) {
    scheduler scheduler;
    stop_node stop;
    {
        task_scope scope{environment{scheduler, stop}, [](const error&) { FAIL(); }};
        const auto waits = []() -> task<> {
            (void)co_await when_any(answer_after(1h, 1), answer_after(2h, 2));
        };
        scope.spawn(waits());
    }
    EXPECT_EQ(scheduler.next_expiry(), never);
}

}  // namespace
}  // namespace weir::inline v0
