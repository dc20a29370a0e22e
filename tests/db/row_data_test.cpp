#include "weir/db/row_data.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::db {
namespace {

bool marked_valid(std::string_view text) {
    row_data data;
    data.add_text("column");
    data.end_of_names();
    data.add_text(text);
    data.end_of_row();
    EXPECT_EQ(data.cell_at(0, 0).as_text(), text);
    return data.cell_at(0, 0).valid_utf8();
}

TEST(row_data, marks_text_that_is_not_utf8_and_keeps_its_bytes) {
    for (const char* text :
         {"", "ascii", "eight by", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF",
          "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "mixed \xC3\xA9 and more ascii text"})
        EXPECT_TRUE(marked_valid(text)) << text;
    for (const char* text :
         {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82",
          "\xE2\x82 ", "\xF0\x9F\x98", "a\xC3\xA9 long one that ends badly \xC3"})
        EXPECT_FALSE(marked_valid(text)) << text;
}

TEST(row_data, finds_a_bad_byte_wherever_it_stands) {
    const std::string good(40, 'a');
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = '\xFF';
        EXPECT_FALSE(marked_valid(bad)) << at;
    }
}

TEST(row_data, takes_back_a_row_that_has_not_ended) {
    row_data data;
    data.add_text("a");
    data.add_text("b");
    data.end_of_names();
    data.add_integer(1);
    data.add_text("first");
    data.end_of_row();
    const std::size_t before = data.text_bytes();
    const std::size_t size = data.size();
    data.add_text("second");
    data.drop_row(before);
    EXPECT_EQ(data.rows(), 1U);
    EXPECT_EQ(data.size(), size);
    EXPECT_EQ(data.cell_at(0, 1).as_text(), "first");
}

}  // namespace
}  // namespace weir::inline v0::db
