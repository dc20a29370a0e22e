#include <gtest/gtest.h>

#include "ours.hpp"
#include "tutorial.hpp"

namespace guide::parsing {
namespace {

using namespace std::string_literals;

const std::vector<std::string> both{"one", "two"};
const std::string stream = "\0\0\0\3one\0\0\0\3two"s;

template <class Reader>
bool reads_what_comes_byte_by_byte() {
    Reader reader;
    for (const char byte : stream) reader.arrives({&byte, 1});
    return reader.messages == both && reader.ends();
}

template <class Reader>
bool reads_what_comes_together() {
    Reader reader;
    return reader.arrives(stream) && reader.messages == both && reader.ends();
}

// "Wait for more" would be to wait for four gigabytes, and to keep them.
template <class Reader>
bool refuses_a_length_that_cannot_be() {
    Reader reader;
    bool goes_on = reader.arrives("\xff\xff\xff\xff");
    for (int i = 0; goes_on && i < 1000; ++i) goes_on = reader.arrives(std::string(1024, 'x'));
    return !goes_on && reader.held() < 2048;
}

template <class Reader>
bool notices_an_end_inside_a_message() {
    Reader reader;
    reader.arrives(stream.substr(0, stream.size() - 1));
    return !reader.ends();
}

TEST(guide_parsing, one_read_is_taken_for_one_message_where_it_is_none) {
    EXPECT_FALSE(reads_what_comes_byte_by_byte<one_read_one_message>());
    EXPECT_FALSE(reads_what_comes_together<one_read_one_message>());
}

TEST(guide_parsing, a_length_then_bytes_cannot_tell_incomplete_from_too_long) {
    EXPECT_TRUE(reads_what_comes_byte_by_byte<length_then_bytes>());
    EXPECT_TRUE(reads_what_comes_together<length_then_bytes>());
    EXPECT_FALSE(refuses_a_length_that_cannot_be<length_then_bytes>());
    EXPECT_FALSE(notices_an_end_inside_a_message<length_then_bytes>());
}

TEST(guide_parsing, the_codec_passes_all_of_them) {
    EXPECT_TRUE(reads_what_comes_byte_by_byte<on_the_codec>());
    EXPECT_TRUE(reads_what_comes_together<on_the_codec>());
    EXPECT_TRUE(refuses_a_length_that_cannot_be<on_the_codec>());
    EXPECT_TRUE(notices_an_end_inside_a_message<on_the_codec>());
}

}  // namespace
}  // namespace guide::parsing
