#include "weir/metrics/labels.hpp"

#include <gtest/gtest.h>

namespace weir::inline v0::metrics {
namespace {

TEST(metric_names, are_what_prometheus_takes) {
    for (const char* name : {"a", "_a", ":a", "http_requests_total", "A9:z"})
        EXPECT_TRUE(valid_metric_name(name)) << name;
    for (const char* name : {"", "9a", "a-b", "a b", "a.b", "\xC3\xA9"})
        EXPECT_FALSE(valid_metric_name(name)) << name;
}

TEST(label_names, are_what_prometheus_takes) {
    for (const char* name : {"a", "_a", "status", "A9_z"})
        EXPECT_TRUE(valid_label_name(name)) << name;
    for (const char* name : {"", "9a", "a:b", "a-b", "__name__", "__"})
        EXPECT_FALSE(valid_label_name(name)) << name;
}

}  // namespace
}  // namespace weir::inline v0::metrics
