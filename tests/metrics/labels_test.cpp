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

TEST(label_values, are_utf8) {
    for (const char* text : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                             "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"})
        EXPECT_TRUE(valid_utf8(text)) << text;
    for (const char* text : {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
                             "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
                             "\xE2\x82", "\xE2\x28\xA1", "a\xC3z"})
        EXPECT_FALSE(valid_utf8(text)) << text;
}

}  // namespace
}  // namespace weir::inline v0::metrics
