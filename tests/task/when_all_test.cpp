#include "weir/task/when_all.hpp"

#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

task<int> number_after(duration wait, int number) {
    (void)co_await sleep(wait);
    co_return number;
}
task<std::unique_ptr<int>> owns() { co_return std::make_unique<int>(5); }
task<> nothing() { co_return; }

task<int> sums() {
    auto [slow, fast, owned, none] =
        co_await when_all(number_after(10ms, 1), number_after(1ms, 2), owns(), nothing());
    static_assert(std::is_same_v<decltype(none), std::monostate>);
    co_return slow + fast + *owned;
}

TEST(when_all, waits_for_all_and_answers_in_order) {
    driver driver;
    EXPECT_EQ(driver.run(sums()), 8);
    EXPECT_EQ(driver.now(), time_point{10ms});
}

task<std::string> catches(bool& other_ended) {
    const auto thrower = []() -> task<int> {
        co_await yield();
        throw std::runtime_error{"first"};
    };
    const auto other = [](bool& ended) -> task<> {
        (void)co_await sleep(5ms);
        ended = true;
    };
    try {
        co_await when_all(thrower(), other(other_ended));
    } catch (const std::runtime_error& thrown) {
        co_return thrown.what();
    }
    co_return "";
}

TEST(when_all, rethrows_after_all_have_ended) {
    driver driver;
    bool other_ended = false;
    EXPECT_EQ(driver.run(catches(other_ended)), "first");
    EXPECT_TRUE(other_ended);
}

TEST(when_all, destroyed_while_parts_wait_leaves_nothing_behind) {
    scheduler scheduler;
    stop_node stop;
    {
        task_scope scope{environment{scheduler, stop}, [](const error&) { FAIL(); }};
        const auto waits = []() -> task<> {
            co_await when_all(number_after(1h, 1), number_after(2h, 2));
        };
        scope.spawn(waits());
    }
    EXPECT_EQ(scheduler.next_expiry(), never);
}

}  // namespace
}  // namespace weir::inline v0
