#include "weir/task/timer.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

struct test_timer final : timer {
    explicit test_timer(std::function<void()> what = [] {}) : action{std::move(what)} {}
    void on_expiry() noexcept override {
        ++fired;
        action();
    }
    int fired = 0;
    std::function<void()> action;
};

constexpr time_point start{};

TEST(timer, fires_at_its_time_and_not_before) {
    timer_wheel wheel{start};
    test_timer timer;
    wheel.arm(timer, start + 10ms);
    wheel.expire(start + 9ms + 999us);
    EXPECT_EQ(timer.fired, 0);
    wheel.expire(start + 10ms);
    EXPECT_EQ(timer.fired, 1);
    EXPECT_FALSE(timer.armed());
    wheel.expire(start + 1h);
    EXPECT_EQ(timer.fired, 1);
}

TEST(timer, never_fires_early_by_rounding) {
    timer_wheel wheel{start};
    test_timer timer;
    wheel.arm(timer, start + 10ms + 1ns);
    wheel.expire(start + 10ms);
    EXPECT_EQ(timer.fired, 0);
    wheel.expire(start + 11ms);
    EXPECT_EQ(timer.fired, 1);
}

TEST(timer, armed_again_keeps_only_the_last_time) {
    timer_wheel wheel{start};
    test_timer timer;
    wheel.arm(timer, start + 10ms);
    wheel.arm(timer, start + 5s);
    wheel.expire(start + 1s);
    EXPECT_EQ(timer.fired, 0);
    wheel.expire(start + 5s);
    EXPECT_EQ(timer.fired, 1);
}

TEST(timer, that_dies_is_disarmed) {
    timer_wheel wheel{start};
    {
        test_timer timer;
        wheel.arm(timer, start + 1ms);
    }
    EXPECT_EQ(wheel.next_expiry(), never);
}

TEST(timer, may_arm_itself_again_when_it_fires) {
    timer_wheel wheel{start};
    test_timer timer;
    timer.action = [&] {
        if (timer.fired < 3) wheel.arm(timer, start + timer.fired * 100ms);
    };
    wheel.arm(timer, start + 1ms);
    wheel.expire(start + 99ms);
    EXPECT_EQ(timer.fired, 1);
    wheel.expire(start + 100ms);
    EXPECT_EQ(timer.fired, 2);
    wheel.expire(start + 200ms);
    EXPECT_EQ(timer.fired, 3);
    EXPECT_FALSE(timer.armed());
}

TEST(timer, beyond_the_top_level_still_fires_at_its_time) {
    timer_wheel wheel{start};
    test_timer timer;
    constexpr auto decade = 87'600h;
    wheel.arm(timer, start + decade);
    wheel.expire(start + decade - 1ms);
    EXPECT_EQ(timer.fired, 0);
    wheel.expire(start + decade);
    EXPECT_EQ(timer.fired, 1);
}

// Against the plainest model: each timer fires in the first step at or after its time.
TEST(timer, agrees_with_a_model_on_random_times) {
    std::mt19937_64 random{7};
    timer_wheel wheel{start};
    std::vector<std::unique_ptr<test_timer>> timers;
    std::vector<std::chrono::milliseconds> times;
    for (int i = 0; i < 2'000; ++i) {
        const unsigned magnitude = 1 + static_cast<unsigned>(random() % 30);
        times.emplace_back(1 + static_cast<std::int64_t>(random() % (1ULL << magnitude)));
        timers.push_back(std::make_unique<test_timer>());
        wheel.arm(*timers.back(), start + times.back());
    }
    auto now = 0ms;
    while (wheel.next_expiry() != never) {
        const time_point next = wheel.next_expiry();
        const auto before = std::chrono::duration_cast<std::chrono::milliseconds>(next - start);
        now = random() % 4 == 0 ? before + std::chrono::milliseconds{random() % 5'000} : before;
        wheel.expire(start + now);
        for (std::size_t i = 0; i < timers.size(); ++i) {
            ASSERT_EQ(timers[i]->fired, times[i] <= now ? 1 : 0) << times[i].count();
        }
    }
    EXPECT_GE(now, *std::max_element(times.begin(), times.end()));
}

TEST(timer, next_expiry_is_never_later_than_the_earliest_timer) {
    timer_wheel wheel{start};
    test_timer near, far;
    wheel.arm(far, start + 10min);
    EXPECT_LE(wheel.next_expiry(), start + 10min);
    EXPECT_GT(wheel.next_expiry(), start);
    wheel.arm(near, start + 3ms);
    EXPECT_EQ(wheel.next_expiry(), start + 3ms);
}

}  // namespace
}  // namespace weir::inline v0
