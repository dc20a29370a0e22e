#include "weir/db/params.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::db {
namespace {

TEST(value, holds_each_type_and_gives_it_back) {
    EXPECT_TRUE(value{}.is_null());
    EXPECT_EQ(value{7}.as_integer(), 7);
    EXPECT_EQ(value{true}.as_integer(), 1);
    EXPECT_EQ(value{INT64_MIN}.as_integer(), INT64_MIN);
    EXPECT_DOUBLE_EQ(value{0.5}.as_real(), 0.5);
    EXPECT_DOUBLE_EQ(value{3}.as_real(), 3.0);
    EXPECT_EQ(value{"text"}.as_text(), "text");
    EXPECT_EQ(value{as_bytes("blob")}.as_blob().size(), 4U);
}

TEST(value, refuses_to_be_read_as_another_type) {
    EXPECT_THROW(static_cast<void>(value{7}.as_text()), std::logic_error);
    EXPECT_THROW(static_cast<void>(value{"7"}.as_integer()), std::logic_error);
    EXPECT_THROW(static_cast<void>(value{}.as_blob()), std::logic_error);
    EXPECT_THROW(static_cast<void>(value{"7"}.as_real()), std::logic_error);
}

TEST(params, finds_what_it_was_given_by_name) {
    const params given{{"prefix", "0000f8"}, {"limit", 10}};
    ASSERT_EQ(given.size(), 2U);
    EXPECT_EQ(given.find("prefix")->as_text(), "0000f8");
    EXPECT_EQ(given.find("limit")->as_integer(), 10);
    EXPECT_EQ(given.find("name"), nullptr);
}

TEST(params, refuses_a_name_twice) {
    params given;
    given.add("prefix", 1);
    EXPECT_THROW(given.add("prefix", 2), std::invalid_argument);
}

TEST(params, takes_as_many_as_its_capacity_and_no_more) {
    params given;
    std::string names[params::capacity + 1];
    for (std::size_t at = 0; at < params::capacity; ++at) {
        names[at] = std::to_string(at);
        given.add(names[at], static_cast<std::int64_t>(at));
    }
    EXPECT_THROW(given.add("one_more", 1), std::length_error);
    const params copy = given;
    EXPECT_EQ(copy.size(), params::capacity);
    EXPECT_EQ(copy.find("31")->as_integer(), 31);
}

}  // namespace
}  // namespace weir::inline v0::db
