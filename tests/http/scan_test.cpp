#include "http/scan.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::http::scan {
namespace {

using skip = const char* (*)(const char*, const char*, const char*);

struct ways {
    skip fast;  // what the parser calls
    skip portable;
    byte_class which;
};

// Puts every byte at every place of texts around the width of a load, behind `before` bytes that
// would end it, in memory that ends with the text, and compares where both ways stop: in front of
// that byte, where it is not of the class.
void expect_the_same(const ways& of, char filler, std::size_t before) {
    for (std::size_t size = 0; size <= 70; ++size) {
        const auto memory = std::make_unique<char[]>(before + size);
        char* const text = memory.get() + before;
        const char* const last = text + size;
        std::fill_n(text, size, filler);
        for (std::size_t place = 0; place < size; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                text[place] = static_cast<char>(byte);
                const char* const end = is(text[place], of.which) ? last : text + place;
                ASSERT_EQ(of.portable(text, last, memory.get()), end)
                    << "byte " << byte << " at " << place << " of " << size << " behind " << before;
                ASSERT_EQ(of.fast(text, last, memory.get()), end)
                    << "byte " << byte << " at " << place << " of " << size << " behind " << before;
            }
            text[place] = filler;
        }
    }
}

TEST(scan, stops_at_the_same_byte_with_wide_loads_and_without) {
    for (const std::size_t before : {0U, 1U, 15U, 16U, 40U}) {
        expect_the_same({skip_token, portable::skip_token, token}, 'a', before);
        expect_the_same({skip_host_name, portable::skip_host_name, host_name}, 'a', before);
        expect_the_same({skip_target, portable::skip_target, target}, '/', before);
        expect_the_same({skip_value, portable::skip_value, value}, ' ', before);
    }
}

TEST(scan, stops_at_the_first_of_several_ends) {
    const std::string text = std::string(40, 'a') + "\r\n" + std::string(40, 'a') + "\r\n";
    const char* const first = text.data();
    EXPECT_EQ(skip_value(first, first + text.size()), first + 40);
    EXPECT_EQ(skip_target(first, first + text.size(), first), first + 40);
    EXPECT_EQ(skip_token(first, first + text.size()), first + 40);
}

}  // namespace
}  // namespace weir::inline v0::http::scan
