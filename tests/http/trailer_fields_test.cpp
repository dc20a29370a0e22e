// What came behind a body, taken apart.
#include "weir/http/trailer_fields.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace weir::inline v0::http {
namespace {

constexpr std::string_view lines = "X-Sum: 9\r\nHost: b\r\nx-sum:10 \r\n";

TEST(trailer_fields, come_one_after_another) {
    trailer_fields left{lines};
    const auto first = left.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->name, "X-Sum");
    EXPECT_EQ(first->value, "9");
    EXPECT_EQ(left.next().value_or(field{}).name, "Host");
    EXPECT_EQ(left.next().value_or(field{}).value, "10");
    EXPECT_FALSE(left.next());
    EXPECT_FALSE(trailer_fields{}.next());
}

TEST(trailer_fields, are_found_by_name_among_those_that_are_left) {
    trailer_fields left{lines};
    EXPECT_EQ(left.find("x-SUM"), "9");
    EXPECT_EQ(left.find("host"), "b");
    EXPECT_EQ(left.find("Sum"), std::nullopt);
    (void)left.next();
    EXPECT_EQ(left.find("X-Sum"), "10");
    EXPECT_EQ(trailer_fields{}.find("X-Sum"), std::nullopt);
}

}  // namespace
}  // namespace weir::inline v0::http
