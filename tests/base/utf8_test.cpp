#include "weir/base/utf8.hpp"

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

}  // namespace
}  // namespace weir::inline v0
