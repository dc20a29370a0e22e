#include "weir/http/known_fields.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::http {
namespace {

// Remembers section as often as it takes, and says how many times it was not.
int skipped(known_fields& known, const std::string& section) {
    int count = 0;
    for (; known.size() == 0 && count < 1000; ++count)
        known.remember(section, 1, control_fields{message::request});
    return count - 1;
}

TEST(known_fields, are_remembered_less_and_less_where_they_do_not_come_again) {
    const std::string first = "Host: a\r\n\r\n";
    const std::string second = "Host: b\r\n\r\n";
    known_fields known;
    for (const int expected : {0, 1, 3, 7, 15, 31, 63, 63}) {
        EXPECT_EQ(skipped(known, first), expected);
        EXPECT_FALSE(known.begin(second, {}));
        EXPECT_EQ(known.size(), 0U) << "in vain, and so forgotten";
    }
    EXPECT_EQ(skipped(known, first), 63);
    EXPECT_TRUE(known.begin(first + "a body", {}));
    EXPECT_FALSE(known.begin(second, {}));
    EXPECT_EQ(skipped(known, first), 1) << "they had come again";
}

TEST(known_fields, are_not_given_up_because_they_are_not_all_there_yet) {
    const std::string section = "Host: a\r\n\r\n";
    known_fields known;
    for (std::size_t size = 0; size < section.size(); ++size) {
        EXPECT_EQ(skipped(known, section), 0);
        EXPECT_FALSE(known.begin(std::string_view{section}.substr(0, size), {}));
        EXPECT_EQ(known.size(), 0U) << "others may be read now";
    }
}

TEST(known_fields, are_a_kilobyte_at_most) {
    const std::string largest = "X: " + std::string(1024 - 7, 'x') + "\r\n\r\n";
    known_fields known;
    known.remember(largest + "x", 1, control_fields{message::request});
    EXPECT_EQ(known.size(), 0U);
    known.remember(largest, 1, control_fields{message::request});
    EXPECT_EQ(known.size(), largest.size());
    EXPECT_TRUE(known.begin(largest, {}));
}

}  // namespace
}  // namespace weir::inline v0::http
