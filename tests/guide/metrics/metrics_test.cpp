#include <gtest/gtest.h>

#include "ours.hpp"
#include "tutorial.hpp"

namespace guide::metrics {
namespace {

// What the metrics say after a thousand requests of 300 µs.
template <class Metrics>
double seconds_of_a_thousand() {
    Metrics metrics;
    for (int i = 0; i < 1000; ++i) metrics.serve(request{});
    return metrics.seconds();
}

template <class Metrics>
std::uint64_t counted_of_ten_that_fail() {
    Metrics metrics;
    for (int i = 0; i < 10; ++i) metrics.serve(request{.fails = true});
    return metrics.counted();
}

// Whoever asks chooses what to ask for.
template <class Metrics>
std::size_t series_after_a_scan() {
    Metrics metrics;
    for (int i = 0; i < 10'000; ++i) metrics.serve(request{.path = "/" + std::to_string(i)});
    EXPECT_EQ(metrics.counted(), 10'000U);
    return metrics.series();
}

TEST(guide_metrics, whole_milliseconds_make_a_fast_service_take_no_time) {
    EXPECT_EQ(seconds_of_a_thousand<map_under_a_mutex>(), 0);
    EXPECT_DOUBLE_EQ(seconds_of_a_thousand<in_a_registry>(), 0.3);
}

TEST(guide_metrics, what_is_counted_at_the_end_does_not_know_what_failed_before) {
    EXPECT_EQ(counted_of_ten_that_fail<map_under_a_mutex>(), 0U);
    EXPECT_EQ(counted_of_ten_that_fail<in_a_registry>(), 10U);
}

TEST(guide_metrics, a_label_that_peers_choose_grows_without_end_unless_it_is_bounded) {
    EXPECT_EQ(series_after_a_scan<map_under_a_mutex>(), 10'000U);
    EXPECT_EQ(series_after_a_scan<in_a_registry>(), 21U) << "the last one is \"other\"";
}

}  // namespace
}  // namespace guide::metrics
