// Handles: what loops and other threads add is added up, and a handle without a registry is inert.
#include "weir/metrics/series.hpp"

#include <chrono>
#include <stdexcept>

#include <gtest/gtest.h>

#include "weir/metrics/registry.hpp"

namespace weir::inline v0::metrics {
namespace {

using namespace std::chrono_literals;

TEST(counter, is_the_sum_of_all_loops_and_other_threads) {
    registry metrics{2};
    const counter requests = metrics.counter("requests_total", "Requests.");
    requests.at(0).add();
    requests.at(1).add(10);
    requests.add(100);
    EXPECT_EQ(requests.value(), 111U);
}

TEST(counter, has_no_cell_for_a_loop_that_is_not_there) {
    registry metrics{2};
    const counter requests = metrics.counter("requests_total", "Requests.");
    EXPECT_THROW((void)requests.at(2), std::out_of_range);
    EXPECT_THROW((void)requests.at(~0U), std::out_of_range);
}

TEST(gauge, may_be_lowered_by_another_loop_than_raised_it) {
    registry metrics{2};
    const gauge open = metrics.gauge("connections_open", "Connections.");
    open.at(0).add(3);
    open.at(1).sub();
    open.sub(5);
    EXPECT_EQ(open.value(), -3);
    open.at(1).set(10);
    open.set(0);
    EXPECT_EQ(open.value(), 13);
}

TEST(histogram, adds_up_counts_and_durations) {
    registry metrics{2};
    const histogram took = metrics.histogram("took_seconds", "Time.");
    took.at(0).observe(1ms);
    took.at(1).observe(2h);
    took.observe(3ns);
    EXPECT_EQ(took.count(), 3U);
    EXPECT_EQ(took.sum(), 2h + 1ms + 3ns);
}

TEST(histogram, counts_a_negative_duration_as_none) {
    registry metrics{1};
    const histogram took = metrics.histogram("took_seconds", "Time.");
    took.at(0).observe(-5ms);
    took.observe(-5ms);
    EXPECT_EQ(took.count(), 2U);
    EXPECT_EQ(took.sum(), 0ns);
}

TEST(handles, count_nothing_where_there_is_no_registry) {
    const counter requests;
    requests.add();
    requests.at(7).add();
    counter_cell{}.add();
    EXPECT_EQ(requests.value(), 0U);
    const gauge open;
    open.set(5);
    open.at(7).sub();
    EXPECT_EQ(open.value(), 0);
    const histogram took;
    took.observe(1s);
    took.at(7).observe(1s);
    EXPECT_EQ(took.count(), 0U);
    EXPECT_EQ(took.sum(), 0ns);
}

}  // namespace
}  // namespace weir::inline v0::metrics
