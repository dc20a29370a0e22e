// The small parts that a configuration is read with.

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "app/config/environment.hpp"
#include "app/config/listen_address.hpp"
#include "app/config/nearest.hpp"
#include "app/config/pattern.hpp"
#include "app/config/units.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

TEST(units, reads_durations) {
    EXPECT_EQ(parse_duration("0s"), 0s);
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("10m"), 10min);
    EXPECT_EQ(parse_duration("24h"), 24h);
    EXPECT_EQ(parse_duration("24h1"), std::nullopt);
    EXPECT_EQ(parse_duration("86401s"), std::nullopt);
    EXPECT_EQ(parse_duration("18446744073709551615h"), std::nullopt);
}

TEST(units, writes_durations_as_it_reads_them) {
    for (const std::string text : {"1ms", "1500ms", "2s", "90s", "5m", "24h"})
        EXPECT_EQ(to_string(*parse_duration(text)), text);
    EXPECT_EQ(to_string(duration{}), "0ms");
}

TEST(units, reads_sizes_up_to_the_last_that_fits) {
    EXPECT_EQ(parse_size("17179869183GiB"), 17179869183ULL << 30);
    EXPECT_EQ(parse_size("17179869184GiB"), std::nullopt);
    EXPECT_EQ(parse_size("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(parse_size("1kib"), std::nullopt);
}

TEST(units, writes_sizes_as_it_reads_them) {
    for (const std::string text : {"0", "1", "1023", "1KiB", "1025KiB", "3MiB", "2GiB"})
        EXPECT_EQ(size_text(*parse_size(text)), text);
}

TEST(nearest, sees_slips_of_the_finger_and_no_more) {
    constexpr std::string_view words[] = {"listen", "public", "auth"};
    EXPECT_EQ(nearest("lisetn", words), "listen");
    EXPECT_EQ(nearest("litsen", words), "listen");
    EXPECT_EQ(nearest("listens", words), "listen");
    EXPECT_EQ(nearest("ath", words), "auth");
    EXPECT_EQ(nearest("", words), "");
    EXPECT_EQ(nearest("elephant", words), "");
    EXPECT_EQ(nearest(std::string(100'000, 'x'), words), "");
}

TEST(pattern, matches_the_whole_value) {
    const auto vowels = pattern::compile("[aeiou]+|y");
    ASSERT_TRUE(vowels);
    EXPECT_TRUE(vowels->matches("aeiou"));
    EXPECT_TRUE(vowels->matches("y"));
    EXPECT_FALSE(vowels->matches("xa"));
    EXPECT_FALSE(vowels->matches("ay"));
    EXPECT_FALSE(vowels->matches(""));
    EXPECT_TRUE(pattern::compile("a|ab")->matches("ab"));
    EXPECT_TRUE(pattern::compile("(a|ab)(c|bcd)(d*)")->matches("abcd"));
}

TEST(pattern, refuses_a_count_that_the_library_cannot_add_up) {
    for (const char* wrong : {"a{3666666666666666666}", "a{2,36666666666666666666}",
                              "(a)\\36666666666666666666", "\\\\a{1234567890}"}) {
        const auto made = pattern::compile(wrong);
        ASSERT_FALSE(made) << wrong;
        EXPECT_EQ(made.error().message(), "a count in it is too large") << wrong;
    }
    EXPECT_TRUE(pattern::compile("12345678901234567890")->matches("12345678901234567890"));
    EXPECT_TRUE(pattern::compile("\\\\12345678901")->matches("\\12345678901"));
    EXPECT_TRUE(pattern::compile("a{2,3}")->matches("aa"));
}

TEST(pattern, neither_recurses_nor_explodes_on_a_malicious_value) {
    const auto trap = pattern::compile("(a*)*(a|aa)+b");
    ASSERT_TRUE(trap);
    EXPECT_FALSE(trap->matches(std::string(20'000, 'a')));
    const auto any = pattern::compile("(.|\\s)*");
    ASSERT_TRUE(any);
    EXPECT_TRUE(any->matches(std::string(200'000, 'x')));
}

TEST(listen_address, knows_what_only_this_machine_can_reach) {
    const auto loopback = [](std::string_view text) {
        return parse_listen_address(text).value().loopback;
    };
    EXPECT_TRUE(loopback("127.255.255.255:1"));
    EXPECT_TRUE(loopback("[::1]:1"));
    EXPECT_TRUE(loopback("[::ffff:127.0.0.1]:1"));
    EXPECT_FALSE(loopback("126.0.0.1:1"));
    EXPECT_FALSE(loopback("0.0.0.0:1"));
    EXPECT_FALSE(loopback("[::]:1"));
    EXPECT_FALSE(loopback("[::ffff:10.0.0.1]:1"));
}

TEST(listen_address, ends_at_no_nul) {
    EXPECT_EQ(parse_listen_address(std::string_view{"127.0.0.1\0x:80", 14}), std::nullopt);
}

TEST(environment, tells_a_dollar_from_a_variable) {
    const environment_variables variables =
        [](std::string_view name) -> std::optional<std::string> {
        return std::string{"<"} + std::string{name} + ">";
    };
    EXPECT_EQ(expand("", variables), "");
    EXPECT_EQ(expand("$ $x {y} $", variables), "$ $x {y} $");
    EXPECT_EQ(expand("${A}${_B2}", variables), "<A><_B2>");
    EXPECT_EQ(expand("$${A}${B}", variables), "${A}<B>");
    EXPECT_FALSE(expand("${}", variables));
    EXPECT_FALSE(expand("${2}", variables));
    EXPECT_FALSE(expand("x${", variables));
}

}  // namespace
}  // namespace weir::app
