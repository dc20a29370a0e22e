#include "service/accept_pace.hpp"

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

// How many are accepted in this time where always another one waits.
int accepted_in(duration time, accept_pace pace) {
    int accepted = 0;
    for (time_point now{1h}; now < time_point{1h + time}; ++accepted) now += pace.accepted(now);
    return accepted;
}

TEST(accept_pace, keeps_to_the_rate_but_for_a_tenth_of_a_second) {
    EXPECT_NEAR(accepted_in(10s, accept_pace{1000}), 10'100, 1);
    EXPECT_NEAR(accepted_in(10s, accept_pace{7}), 71, 1);
    EXPECT_NEAR(accepted_in(10s, accept_pace{1}), 10, 1);
}

TEST(accept_pace, lets_who_comes_seldom_wait_for_nobody) {
    accept_pace pace{10};
    for (time_point now{1h}; now < time_point{2h}; now += 150ms) {
        EXPECT_EQ(pace.accepted(now), 0s);
    }
}

TEST(accept_pace, waits_for_nothing_without_a_rate) {
    accept_pace pace{0};
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(pace.accepted(time_point{1h}), 0s);
}

}  // namespace
}  // namespace weir::inline v0
