#include "app/load/schedule.hpp"

#include <gtest/gtest.h>

namespace weir::app {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1h};

TEST(schedule, is_due_at_a_constant_rate_from_its_start) {
    schedule paced{start, 1000};
    EXPECT_FALSE(paced.due(start - 1ns));
    for (int i = 0; i < 5000; ++i) {
        ASSERT_TRUE(paced.due(start + i * 1ms));
        ASSERT_FALSE(paced.due(start + i * 1ms - 1ns));
        ASSERT_EQ(paced.take(), start + i * 1ms);
    }
}

TEST(schedule, does_not_drift_where_the_gap_is_no_whole_nanosecond) {
    schedule paced{start, 3};
    for (int i = 0; i < 3000; ++i) (void)paced.take();
    EXPECT_EQ(paced.next(), start + 1000s);
}

TEST(schedule, makes_up_for_a_stall_without_forgetting_when_each_was_due) {
    schedule paced{start, 100};
    const time_point late = start + 1s;
    int taken = 0;
    for (; paced.due(late); ++taken) EXPECT_EQ(paced.take(), start + taken * 10ms);
    EXPECT_EQ(taken, 101);
}

TEST(schedule, ends_and_tells_how_many_were_left) {
    schedule paced{start, 10};
    paced.end_at(start + 1s);
    EXPECT_EQ(paced.left(), 10U);
    (void)paced.take();
    EXPECT_EQ(paced.left(), 9U);
    while (paced.due(start + 1h)) (void)paced.take();
    EXPECT_EQ(paced.left(), 0U);
    EXPECT_EQ(paced.next(), never);
}

}  // namespace
}  // namespace weir::app
