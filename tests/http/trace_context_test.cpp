#include "weir/http/trace_context.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::http {
namespace {

constexpr std::string_view trace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view span = "00f067aa0ba902b7";

std::string parent(std::string_view version, std::string_view flags, std::string_view more = {}) {
    std::string text{version};
    text.append("-").append(trace).append("-").append(span).append("-").append(flags).append(more);
    return text;
}

TEST(trace_context, reads_what_it_writes) {
    const auto found = trace_context::parse(parent("00", "01"));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->text(), parent("00", "01"));
    EXPECT_EQ(found->trace_id(), trace);
    EXPECT_EQ(found->span_id(), span);
    EXPECT_TRUE(found->sampled());
    const trace_context below = found->child(0x1a2b);
    EXPECT_EQ(below.trace_id(), trace);
    EXPECT_EQ(below.span_id(), "0000000000001a2b");
    EXPECT_TRUE(below.sampled());
    const trace_context own{0x1, 0xfedc'ba98'7654'3210, 0xff};
    EXPECT_EQ(own.text(), "00-0000000000000001fedcba9876543210-00000000000000ff-00");
    EXPECT_EQ(trace_context::parse(own.text())->text(), own.text());
}

// Of the flags only one is known, and the others are not handed on (section 3.2.2.5.2).
TEST(trace_context, hands_on_the_flag_that_it_knows) {
    EXPECT_EQ(trace_context::parse(parent("00", "ff"))->text(), parent("00", "01"));
    EXPECT_EQ(trace_context::parse(parent("00", "fe"))->text(), parent("00", "00"));
    EXPECT_FALSE(trace_context::parse(parent("00", "f0"))->sampled());
}

// Section 3.2.2.1 and "Versioning of traceparent".
TEST(trace_context, reads_later_versions_as_far_as_it_knows_them) {
    EXPECT_EQ(trace_context::parse(parent("01", "01"))->text(), parent("00", "01"));
    EXPECT_EQ(trace_context::parse(parent("cc", "03", "-what-else"))->text(), parent("00", "01"));
    EXPECT_TRUE(trace_context::parse(parent("fe", "00", "-")).has_value());
    EXPECT_FALSE(trace_context::parse(parent("cc", "01", ".what")).has_value());
    EXPECT_FALSE(trace_context::parse(parent("00", "01", "-what")).has_value());
    EXPECT_FALSE(trace_context::parse(parent("00", "01", "-")).has_value());
    EXPECT_FALSE(trace_context::parse(parent("ff", "01")).has_value());
}

TEST(trace_context, takes_nothing_else) {
    const std::string good = parent("00", "01");
    for (std::size_t at = 0; at < good.size(); ++at) {
        EXPECT_FALSE(trace_context::parse(std::string_view{good}.substr(0, at)).has_value()) << at;
        for (const char c : {'A', 'g', ' ', '_', good[at] == '-' ? '0' : '-', '\0'}) {
            std::string bad = good;
            bad[at] = c;
            EXPECT_FALSE(trace_context::parse(bad).has_value()) << bad;
        }
    }
    std::string zero = good;
    zero.replace(3, 32, std::string(32, '0'));
    EXPECT_FALSE(trace_context::parse(zero).has_value());
    zero = good;
    zero.replace(36, 16, std::string(16, '0'));
    EXPECT_FALSE(trace_context::parse(zero).has_value());
}

TEST(trace_context, has_no_ids_that_mean_nothing) {
    const trace_context made{0, 0, 0};
    EXPECT_EQ(made.text(), "00-00000000000000000000000000000001-0000000000000001-00");
    EXPECT_EQ(made.child(0).span_id(), "0000000000000001");
}

}  // namespace
}  // namespace weir::inline v0::http
