#include "weir/metrics/text.hpp"

#include <chrono>
#include <limits>

#include <gtest/gtest.h>

#include "weir/metrics/registry.hpp"

namespace weir::inline v0::metrics {
namespace {

using namespace std::chrono_literals;

std::string text_of(const registry& metrics) {
    std::string out;
    write_text(metrics, out);
    return out;
}

TEST(metrics_text, writes_a_counter_with_its_help_and_type) {
    registry metrics{2};
    const auto requests = metrics.counter_family("requests_total", "Requests.", {"path", "status"});
    requests.with({"/b", "200"}).at(1).add(3);
    requests.with({"/a", "404"}).add(2);
    EXPECT_EQ(text_of(metrics),
              "# HELP requests_total Requests.\n"
              "# TYPE requests_total counter\n"
              "requests_total{path=\"/a\",status=\"404\"} 2\n"
              "requests_total{path=\"/b\",status=\"200\"} 3\n");
}

TEST(metrics_text, writes_a_gauge_without_labels) {
    registry metrics{1};
    metrics.gauge("connections_open", "Connections.").sub(7);
    EXPECT_EQ(text_of(metrics),
              "# HELP connections_open Connections.\n"
              "# TYPE connections_open gauge\n"
              "connections_open -7\n");
}

TEST(metrics_text, writes_a_histogram_with_cumulative_buckets) {
    registry metrics{1};
    const auto took = metrics.histogram_family("took_seconds", "Time.", {"call"},
                                               histogram_options{{50us, 1s, 2500ms}});
    for (const duration each : {duration{50us}, duration{51us}, duration{1s}, duration{10s}})
        took.with({"vendor"}).at(0).observe(each);
    EXPECT_EQ(text_of(metrics),
              "# HELP took_seconds Time.\n"
              "# TYPE took_seconds histogram\n"
              "took_seconds_bucket{call=\"vendor\",le=\"5e-05\"} 1\n"
              "took_seconds_bucket{call=\"vendor\",le=\"1\"} 3\n"
              "took_seconds_bucket{call=\"vendor\",le=\"2.5\"} 3\n"
              "took_seconds_bucket{call=\"vendor\",le=\"+Inf\"} 4\n"
              "took_seconds_sum{call=\"vendor\"} 11.000101\n"
              "took_seconds_count{call=\"vendor\"} 4\n");
}

TEST(metrics_text, writes_a_histogram_without_labels) {
    registry metrics{1};
    metrics.histogram("took_seconds", "Time.", histogram_options{{1s}}).observe(500ms);
    EXPECT_EQ(text_of(metrics),
              "# HELP took_seconds Time.\n"
              "# TYPE took_seconds histogram\n"
              "took_seconds_bucket{le=\"1\"} 1\n"
              "took_seconds_bucket{le=\"+Inf\"} 1\n"
              "took_seconds_sum 0.5\n"
              "took_seconds_count 1\n");
}

TEST(metrics_text, escapes_help_and_label_values) {
    registry metrics{1};
    metrics.counter_family("a_total", "a \\ b\nc \"d\"", {"v"}).with({"a \\ b\nc \"d\""});
    EXPECT_EQ(text_of(metrics),
              "# HELP a_total a \\\\ b\\nc \"d\"\n"
              "# TYPE a_total counter\n"
              "a_total{v=\"a \\\\ b\\nc \\\"d\\\"\"} 0\n");
}

TEST(metrics_text, writes_numbers_that_are_not_finite) {
    registry metrics{1};
    double value = 0;
    const auto registered = metrics.gauge_callback("a", "A.", {}, [&] { return value; });
    const auto line = [&] {
        const std::string text = text_of(metrics);
        return text.substr(text.find("\na ") + 1);
    };
    value = std::numeric_limits<double>::infinity();
    EXPECT_EQ(line(), "a +Inf\n");
    value = -value;
    EXPECT_EQ(line(), "a -Inf\n");
    value = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(line(), "a NaN\n");
    value = 1.5e300;
    EXPECT_EQ(line(), "a 1.5e+300\n");
}

TEST(metrics_text, leaves_out_a_family_without_series) {
    registry metrics{1};
    metrics.counter_family("requests_total", "Requests.", {"path"});
    EXPECT_EQ(text_of(metrics), "");
}

TEST(metrics_text, appends_to_what_is_there) {
    registry metrics{1};
    metrics.counter("a_total", "A.");
    std::string out = "before\n";
    write_text(metrics, out);
    EXPECT_TRUE(out.starts_with("before\n# HELP a_total"));
}

}  // namespace
}  // namespace weir::inline v0::metrics
