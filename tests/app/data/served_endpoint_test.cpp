// Where a row can be found again.

#include "app/data/served_endpoint.hpp"

#include <gtest/gtest.h>

#include "db/house.hpp"

namespace weir::app {
namespace {

class the_location : public db::house {
protected:
    std::string expanded(const std::string& text, const std::string& sql) {
        const auto rows = read(sql);
        EXPECT_TRUE(rows);
        std::string into;
        const auto made = location_template{text}.expand(*rows, into);
        return made ? into : std::string{made.error().text()};
    }
};

TEST_F(the_location, takes_its_values_from_the_row) {
    EXPECT_EQ(expanded("/things/{id}", "select 7 as id"), "/things/7");
    EXPECT_EQ(expanded("/a/{x}/b/{y}", "select -1 as x, 'z' as y"), "/a/-1/b/z");
    EXPECT_EQ(expanded("{x}{x}", "select 1.5 as x"), "1.51.5");
    EXPECT_EQ(expanded("/fixed", "select 1"), "/fixed");
}

TEST_F(the_location, escapes_what_is_no_part_of_a_segment) {
    EXPECT_EQ(expanded("/{x}", "select 'a/b c?\u00e4-._~' as x"), "/a%2Fb%20c%3F%C3%A4-._~");
}

TEST_F(the_location, is_an_error_without_its_value) {
    EXPECT_EQ(expanded("/{x}", "select null as x"), "the location's x is not in the row");
    EXPECT_EQ(expanded("/{x}", "select 1 as y"), "the location's x is not in the row");
    EXPECT_EQ(expanded("/{x}", "select x'00' as x"), "the location's x is not in the row");
}

TEST(location_template, knows_its_names) {
    EXPECT_EQ(location_template{"/a/{x}/{y}"}.names(), (std::vector<std::string_view>{"x", "y"}));
    EXPECT_TRUE(location_template{""}.empty());
}

}  // namespace
}  // namespace weir::app
