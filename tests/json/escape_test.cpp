// Looking at several bytes at a time says what a look at each of them would, at each place of texts
// of each length.
#include "weir/json/escape.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::json {
namespace {

bool needs_escape(char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == '"' || byte == '\\';
}

std::size_t run_byte_by_byte(const std::string& text) {
    const auto end = std::ranges::find_if(text, needs_escape);
    return static_cast<std::size_t>(end - text.begin());
}

TEST(plain_run, ends_at_the_first_byte_that_needs_an_escape) {
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string plain(size, 'x');
        EXPECT_EQ(plain_run(plain), size);
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text = plain;
                text[at] = static_cast<char>(byte);
                ASSERT_EQ(plain_run(text), run_byte_by_byte(text)) << size << ", " << at;
                text.back() = '"';
                ASSERT_EQ(plain_run(text), run_byte_by_byte(text)) << size << ", " << at;
            }
        }
    }
}

TEST(plain_ascii, is_neither_escaped_nor_above_127) {
    EXPECT_TRUE(is_plain_ascii("name"));
#if defined(__SSE2__)
    constexpr std::size_t longest = 70;
#else
    constexpr std::size_t longest = 8;
#endif
    for (std::size_t size = 4; size <= longest; ++size)
        EXPECT_TRUE(is_plain_ascii(std::string(size, '~'))) << size;
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string plain(size, 'x');
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text = plain;
                text[at] = static_cast<char>(byte);
                const bool spoilt = needs_escape(text[at]) || byte > 127;
                ASSERT_FALSE(spoilt && is_plain_ascii(text)) << size << ", " << at << ": " << byte;
            }
        }
    }
}

}  // namespace
}  // namespace weir::inline v0::json
