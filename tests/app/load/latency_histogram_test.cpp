#include "app/load/latency_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace weir::app {
namespace {

using namespace std::chrono_literals;

TEST(latency_histogram, knows_nothing_before_the_first) {
    const latency_histogram none;
    EXPECT_EQ(none.count(), 0U);
    EXPECT_EQ(none.percentile(50), 0ns);
    EXPECT_EQ(none.mean(), 0ns);
    EXPECT_EQ(none.largest(), 0ns);
}

TEST(latency_histogram, is_exact_about_one_value) {
    for (const duration value : {0ns, 1ns, 255ns, 256ns, 257ns, 1000ns, duration{1h}}) {
        latency_histogram one;
        one.record(value);
        EXPECT_EQ(one.percentile(0), value);
        EXPECT_EQ(one.percentile(50), value);
        EXPECT_EQ(one.percentile(100), value);
        EXPECT_EQ(one.mean(), value);
    }
}

TEST(latency_histogram, is_never_more_than_a_128th_too_long_and_never_too_short) {
    std::mt19937_64 random{1};
    std::lognormal_distribution<double> spread{11, 3};
    latency_histogram all;
    std::vector<duration> sorted;
    for (int i = 0; i < 20'000; ++i) {
        const duration value{std::llround(std::min(spread(random), 4e12))};
        sorted.push_back(value);
        all.record(value);
    }
    std::ranges::sort(sorted);
    for (const double percent : {0.1, 1.0, 10.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
        const auto rank =
            static_cast<std::size_t>(std::ceil(static_cast<double>(sorted.size()) * percent / 100));
        const duration exact = sorted[rank - 1];
        EXPECT_GE(all.percentile(percent), exact) << percent;
        EXPECT_LE(all.percentile(percent), exact + exact / 128 + 1ns) << percent;
    }
    EXPECT_EQ(all.largest(), sorted.back());
}

TEST(latency_histogram, counts_what_is_below_zero_or_beyond_its_width) {
    latency_histogram odd;
    odd.record(-5ns);
    odd.record(100h);
    EXPECT_EQ(odd.count(), 2U);
    EXPECT_EQ(odd.percentile(50), 0ns);
    EXPECT_EQ(odd.largest(), 100h);
}

TEST(latency_histogram, tells_what_was_recorded_since) {
    latency_histogram all;
    for (int i = 0; i < 100; ++i) all.record(1ms);
    const latency_histogram before = all;
    for (int i = 0; i < 10; ++i) all.record(1s);
    const latency_histogram recent = all.since(before);
    EXPECT_EQ(recent.count(), 10U);
    EXPECT_GE(recent.percentile(1), 1s);
    EXPECT_LE(recent.percentile(99), 1008ms);
    EXPECT_EQ(recent.mean(), 1s);
}

}  // namespace
}  // namespace weir::app
