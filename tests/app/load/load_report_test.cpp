#include "app/load/load_report.hpp"

#include <gtest/gtest.h>

namespace weir::app {
namespace {

using namespace std::chrono_literals;

load_report report() {
    load_report made;
    made.title = "GET \"quoted\"";
    made.measured = 2s;
    made.used = {300ms, 700ms};
    for (int i = 0; i < 990; ++i) made.counted.answered(1ms, 100);
    for (int i = 0; i < 10; ++i) made.counted.answered(1s, 100);
    made.counted.refused("status 503");
    made.counted.failed(failure::reset, 2);
    return made;
}

TEST(load_report, tells_rate_latencies_errors_and_cpu) {
    const std::string text = report().text();
    for (const auto* part :
         {"1000, 500 a second", "p50 1.00ms", "p99.9 1.00s", "max 1.00s", "reset 2, status 503 1",
          "0.30 s user, 0.70 s system", "1000.00 µs an answer"})
        EXPECT_TRUE(text.contains(part)) << part << " in\n" << text;
}

TEST(load_report, is_read_back_from_its_json) {
    const auto read = read_baseline(report().json());
    ASSERT_TRUE(read.has_value()) << read.error().message();
    EXPECT_EQ(read->title, "GET \"quoted\"");
    EXPECT_DOUBLE_EQ(read->rate, 500);
    EXPECT_NEAR(read->p50_us, 1000, 8);
    EXPECT_DOUBLE_EQ(read->max_us, 1'000'000);
    EXPECT_DOUBLE_EQ(read->errors, 3);
    EXPECT_DOUBLE_EQ(read->cpu_us_per_answer, 1000);
}

TEST(load_report, is_compared_with_an_earlier_one_by_ratios) {
    load_baseline before = read_baseline(report().json()).value();
    before.rate = 250;
    before.p50_us *= 4;
    const std::string told = compare(report(), before);
    EXPECT_TRUE(told.contains("250/s  ratio 2.000")) << told;
    EXPECT_TRUE(told.contains("ratio 0.250")) << told;
    before.errors = 0;
    EXPECT_TRUE(compare(report(), before).contains("ratio -"));
}

TEST(load_report, refuses_to_be_compared_with_anything_else) {
    for (const auto* text : {"", "[]", "{}", R"({"rate": 1})", R"({"rate": "fast"})"})
        EXPECT_FALSE(read_baseline(text).has_value()) << text;
}

}  // namespace
}  // namespace weir::app
