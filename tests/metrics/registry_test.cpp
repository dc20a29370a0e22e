#include "weir/metrics/registry.hpp"

#include <chrono>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::metrics {
namespace {

using namespace std::chrono_literals;

const family_snapshot* find(const snapshot& families, std::string_view name) {
    for (const family_snapshot& each : families)
        if (each.name == name) return &each;
    return nullptr;
}

TEST(registry, answers_with_the_same_series_for_the_same_label_values) {
    registry metrics{1};
    const auto requests = metrics.counter_family("requests_total", "Requests.", {"a", "b"});
    requests.with({"x", "y"}).add();
    requests.with({"x", "y"}).add();
    requests.with({"y", "x"}).add();
    EXPECT_EQ(requests.with({"x", "y"}).value(), 2U);
    EXPECT_EQ(requests.with({"y", "x"}).value(), 1U);
}

TEST(registry, answers_with_the_same_family_when_registered_again) {
    registry metrics{1};
    metrics.counter_family("requests_total", "Requests.", {"a"}).with({"x"}).add();
    EXPECT_EQ(metrics.counter_family("requests_total", "Requests.", {"a"}).with({"x"}).value(), 1U);
    metrics.histogram("took_seconds", "Time.").observe(1s);
    EXPECT_EQ(metrics.histogram("took_seconds", "Time.").count(), 1U);
}

TEST(registry, refuses_a_name_that_stands_for_something_else) {
    registry metrics{1};
    metrics.counter_family("requests_total", "Requests.", {"a"});
    metrics.histogram("took_seconds", "Time.");
    EXPECT_THROW(metrics.gauge_family("requests_total", "", {"a"}), std::invalid_argument);
    EXPECT_THROW(metrics.counter_family("requests_total", "", {"b"}), std::invalid_argument);
    EXPECT_THROW(metrics.counter("requests_total", ""), std::invalid_argument);
    EXPECT_THROW(
        (void)metrics.counter_callback("requests_total", "", {{"a", "x"}}, [] { return 0.; }),
        std::invalid_argument);
    EXPECT_THROW(metrics.histogram("took_seconds", "", histogram_options{{1s}}),
                 std::invalid_argument);
}

TEST(registry, refuses_a_name_that_a_histogram_writes) {
    registry metrics{1};
    metrics.histogram("took_seconds", "Time.");
    for (const char* name : {"took_seconds_sum", "took_seconds_count", "took_seconds_bucket"})
        EXPECT_THROW(metrics.counter(name, ""), std::invalid_argument) << name;
    metrics.counter("size_bytes_count", "");
    EXPECT_THROW(metrics.histogram("size_bytes", ""), std::invalid_argument);
    EXPECT_NO_THROW(metrics.counter("size_bytes_sum", "")) << "nothing was registered halfway";
}

TEST(registry, refuses_names_labels_and_values_that_prometheus_does_not_take) {
    registry metrics{1};
    EXPECT_THROW(metrics.counter("9", ""), std::invalid_argument);
    EXPECT_THROW(metrics.counter("a", "\xFF"), std::invalid_argument);
    EXPECT_THROW(metrics.counter_family("a", "", {"__a"}), std::invalid_argument);
    EXPECT_THROW(metrics.counter_family("a", "", {"a", "a"}), std::invalid_argument);
    EXPECT_THROW(metrics.counter_family("a", "", {"a"}, 0), std::invalid_argument);
    EXPECT_THROW(metrics.histogram_family("a", "", {"le"}), std::invalid_argument);
    const auto family = metrics.counter_family("a", "", {"a"});
    EXPECT_THROW(family.with({}), std::invalid_argument);
    EXPECT_THROW(family.with({"x", "y"}), std::invalid_argument);
    EXPECT_THROW((void)metrics.gauge_callback("b", "", {{"a", "\xC3"}}, [] { return 1.; }),
                 std::invalid_argument);
}

TEST(registry, counts_a_value_that_is_not_utf8_as_other) {
    registry metrics{1};
    const auto requests = metrics.counter_family("requests_total", "Requests.", {"a", "b"});
    for (const char* value : {"\xC3", "\xFF/x", "other"}) requests.with({value, "200"}).add();
    requests.with({"x", "200"}).add();
    EXPECT_EQ(requests.with({"other", "200"}).value(), 3U) << "what is known is still told";
    EXPECT_EQ(find(metrics.collect(), "requests_total")->samples.size(), 2U);
}

TEST(registry, counts_what_is_over_the_limit_of_series_as_other) {
    registry metrics{1};
    const auto requests = metrics.counter_family("requests_total", "Requests.", {"a"}, 2);
    for (const char* value : {"x", "y", "z", "w", "x"}) requests.with({value}).add();
    EXPECT_EQ(requests.with({"x"}).value(), 2U);
    EXPECT_EQ(requests.with({"other"}).value(), 2U);

    const snapshot families = metrics.collect();
    EXPECT_EQ(find(families, "requests_total")->samples.size(), 3U);
    const auto* refused = find(families, "weir_metrics_series_over_limit_total");
    ASSERT_EQ(refused->samples.size(), 1U);
    EXPECT_EQ(refused->samples[0].labels->front(), "requests_total");
    EXPECT_EQ(refused->samples[0].value, 2);
}

TEST(registry, has_room_for_1000_series_in_a_family_unless_told_otherwise) {
    registry metrics{1};
    const auto requests = metrics.counter_family("requests_total", "Requests.", {"a"});
    for (int i = 0; i < 1500; ++i) requests.with({std::to_string(i)}).add();
    EXPECT_EQ(find(metrics.collect(), "requests_total")->samples.size(), 1001U);
    EXPECT_EQ(requests.with({"other"}).value(), 500U);
}

TEST(registry, computes_a_callback_for_as_long_as_it_is_registered) {
    registry metrics{1};
    double waiting = 1;
    {
        const callback_registration registered = metrics.gauge_callback(
            "pool_waiting", "Waiting.", {{"pool", "readers"}}, [&] { return waiting; });
        waiting = 2.5;
        const snapshot families = metrics.collect();
        ASSERT_EQ(find(families, "pool_waiting")->samples.size(), 1U);
        EXPECT_EQ(find(families, "pool_waiting")->samples[0].value, 2.5);
    }
    EXPECT_TRUE(find(metrics.collect(), "pool_waiting")->samples.empty());
}

TEST(registry, takes_each_callback_once_and_again_after_it_was_taken_back) {
    registry metrics{1};
    const auto add = [&](std::string_view pool) {
        return metrics.gauge_callback("pool_waiting", "", {{"pool", pool}}, [] { return 1.; });
    };
    callback_registration readers = add("readers");
    callback_registration writer = add("writer");
    EXPECT_THROW((void)add("readers"), std::invalid_argument);
    readers.reset();
    readers = add("readers");
    EXPECT_EQ(find(metrics.collect(), "pool_waiting")->samples.size(), 2U);
    readers = std::move(writer);
    EXPECT_EQ(find(metrics.collect(), "pool_waiting")->samples[0].labels->front(), "writer");
}

TEST(registry, refuses_a_callback_that_is_none) {
    registry metrics{1};
    EXPECT_THROW((void)metrics.gauge_callback("a", "", {}, nullptr), std::invalid_argument);
}

TEST(registry, collects_in_the_same_order_whatever_came_first) {
    registry metrics{1};
    const auto later = metrics.counter_family("z_total", "", {"a", "b"});
    metrics.gauge("a", "");
    for (const char* value : {"2", "10", "1"}) later.with({value, "x"});
    later.with({"1", "a"});
    const snapshot families = metrics.collect();
    ASSERT_EQ(families.size(), 3U);
    EXPECT_EQ(families.front().name, "a");
    EXPECT_EQ(families.back().name, "z_total");
    std::string order;
    for (const sample& each : families.back().samples)
        order += each.labels->at(0) + each.labels->at(1) + ' ';
    EXPECT_EQ(order, "1a 1x 10x 2x ");
}

}  // namespace
}  // namespace weir::inline v0::metrics
