#include "weir/base/watched_array.hpp"

#include <gtest/gtest.h>

#include "support/caught.hpp"

namespace weir::inline v0 {
namespace {

void touch(const int& number) {
    const volatile int used = number;
    (void)used;
}

TEST(watched_array, keeps_what_is_in_it_and_ends_what_was_handed_out) {
    if (!test::views_are_watched()) GTEST_SKIP() << "nobody looks";
    watched_array<int, 100> numbers;
    numbers[0] = 1;
    numbers[99] = 100;
    for (int round = 0; round < 2; ++round) {
        const int* const before = numbers.data();
        touch(before[99]);
        numbers.renew();
        EXPECT_EQ(numbers[0], 1);
        EXPECT_EQ(numbers.data()[99], 100);
        EXPECT_DEATH(touch(before[0]), test::caught());
        EXPECT_DEATH(touch(before[99]), test::caught());
    }
}

TEST(watched_array, ends_with_its_memory) {
    if (!test::views_are_watched()) GTEST_SKIP() << "nobody looks";
    const int* kept = nullptr;
    {
        watched_array<int, 100> numbers;
        numbers[7] = 7;
        kept = numbers.data();
        touch(kept[7]);
    }
    EXPECT_DEATH(touch(kept[7]), test::caught());
}

TEST(watched_array, is_watched_up_to_its_ends) {
    watched_array<int, 100> numbers;
    EXPECT_DEATH(numbers[100] = 1, "") << "as a span's elements are";
}

}  // namespace
}  // namespace weir::inline v0
