#include "weir/base/utf8.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

TEST(utf8, is_neither_overlong_nor_cut_nor_a_surrogate) {
    for (const char* text : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                             "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"})
        EXPECT_TRUE(is_utf8(text)) << text;
    for (const char* text : {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
                             "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
                             "\xE2\x82", "\xE2\x28\xA1", "a\xC3z"})
        EXPECT_FALSE(is_utf8(text)) << text;
}

// It looks at several bytes at a time: what it must not take stands at each place of texts of each
// length.
TEST(utf8, is_seen_to_the_last_byte) {
    for (std::size_t size = 1; size < 40; ++size) {
        const std::string plain(size, 'x');
        EXPECT_TRUE(is_utf8(plain)) << size;
        for (std::size_t at = 0; at < size; ++at) {
            std::string text = plain;
            text[at] = '\x80';
            EXPECT_FALSE(is_utf8(text)) << size << ", " << at;
            if (at == 0) continue;
            text[at - 1] = '\xC3';
            EXPECT_TRUE(is_utf8(text)) << size << ", " << at;
        }
    }
}

}  // namespace
}  // namespace weir::inline v0
