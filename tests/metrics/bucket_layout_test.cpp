#include "weir/metrics/bucket_layout.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <gtest/gtest.h>

namespace weir::inline v0::metrics {
namespace {

using namespace std::chrono_literals;

// The definition, against which the table is checked.
std::size_t first_bound_not_below(const bucket_layout& layout, duration took) {
    const auto bounds = layout.bounds();
    return static_cast<std::size_t>(std::ranges::lower_bound(bounds, took) - bounds.begin());
}

void expect_right_around_every_bound(const bucket_layout& layout) {
    for (const duration bound : layout.bounds())
        for (const duration took : {bound - 1ns, bound, bound + 1ns})
            EXPECT_EQ(layout.index(took), first_bound_not_below(layout, took)) << took.count();
    for (unsigned bits = 0; bits < 63; ++bits) {
        const duration took{std::int64_t{1} << bits};
        EXPECT_EQ(layout.index(took), first_bound_not_below(layout, took)) << took.count();
        EXPECT_EQ(layout.index(took - 1ns), first_bound_not_below(layout, took - 1ns));
    }
}

TEST(bucket_layout, finds_the_bucket_of_every_duration_by_default) {
    const bucket_layout layout{default_latency_bounds()};
    expect_right_around_every_bound(layout);
    EXPECT_EQ(layout.bounds().front(), 50us);
    EXPECT_EQ(layout.bounds().back(), 60s);
}

TEST(bucket_layout, finds_the_bucket_where_bounds_are_close_together) {
    std::vector<duration> bounds;
    for (int i = 1; i <= 256; ++i) bounds.push_back(i * 3ms);
    expect_right_around_every_bound(bucket_layout{bounds});
}

TEST(bucket_layout, puts_what_is_over_all_bounds_into_the_last_bucket) {
    const bucket_layout layout{{1ms, 2ms}};
    EXPECT_EQ(layout.buckets(), 3U);
    EXPECT_EQ(layout.index(2ms), 1U);
    EXPECT_EQ(layout.index(2ms + 1ns), 2U);
    EXPECT_EQ(layout.index(duration::max()), 2U);
}

TEST(bucket_layout, takes_a_negative_duration_for_zero) {
    const bucket_layout layout{{1ms}};
    EXPECT_EQ(layout.index(-1ns), 0U);
    EXPECT_EQ(layout.index(duration::min()), 0U);
}

TEST(bucket_layout, refuses_bounds_that_are_none) {
    EXPECT_THROW(bucket_layout{std::vector<duration>{}}, std::invalid_argument);
    EXPECT_THROW((bucket_layout{{2ms, 1ms}}), std::invalid_argument);
    EXPECT_THROW((bucket_layout{{1ms, 1ms}}), std::invalid_argument);
    EXPECT_THROW((bucket_layout{{0ms, 1ms}}), std::invalid_argument);
    EXPECT_THROW((bucket_layout{{1ms, duration::max()}}), std::invalid_argument);
    std::vector<duration> many;
    for (int i = 1; i <= 257; ++i) many.push_back(i * 1ms);
    EXPECT_THROW(bucket_layout{many}, std::invalid_argument);
}

}  // namespace
}  // namespace weir::inline v0::metrics
