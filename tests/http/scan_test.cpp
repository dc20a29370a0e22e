#include "http/scan.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::http::scan {
namespace {

using skip = const char* (*)(const char*, const char*);

// Puts every byte at every place of texts around the width of a load, in memory that ends with the
// text, and compares where both ways stop.
void expect_the_same(skip wide, byte_class which, char filler) {
    for (std::size_t size = 0; size <= 70; ++size)
        for (std::size_t place = 0; place < size; ++place)
            for (int byte = 0; byte < 256; ++byte) {
                const auto text = std::make_unique<char[]>(size);
                std::fill_n(text.get(), size, filler);
                text[place] = static_cast<char>(byte);
                const char* const last = text.get() + size;
                ASSERT_EQ(wide(text.get(), last), skip_bytewise(text.get(), last, which))
                    << "byte " << byte << " at " << place << " of " << size;
            }
}

TEST(scan, stops_at_the_same_byte_with_wide_loads_and_without) {
    expect_the_same(skip_token, token, 'a');
    expect_the_same(skip_target, target, '/');
    expect_the_same(skip_value, value, ' ');
}

TEST(scan, stops_at_the_first_of_several_ends) {
    const std::string text = std::string(40, 'a') + "\r\n" + std::string(40, 'a') + "\r\n";
    const char* const first = text.data();
    EXPECT_EQ(skip_value(first, first + text.size()), first + 40);
    EXPECT_EQ(skip_target(first, first + text.size()), first + 40);
    EXPECT_EQ(skip_token(first, first + text.size()), first + 40);
}

}  // namespace
}  // namespace weir::inline v0::http::scan
