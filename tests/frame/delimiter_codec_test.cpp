// BEHAVIOUR.md "Frames", for frames that end with a mark: whole and split, too long, cut off, and
// found in linear time.
#include "weir/frame/delimiter_codec.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "frame/codec_reader.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::string_literals;

delimiter_codec ending_with(std::string_view delimiter) {
    return delimiter_codec{{.delimiter = delimiter}};
}

TEST(delimiter_codec, gives_the_same_lines_however_the_bytes_are_split) {
    expect_frames(delimiter_codec{}, bytes_of({}, "hello\n\nyou\n"), {"hello", "", "you"});
}

TEST(delimiter_codec, finds_a_delimiter_of_several_bytes_that_comes_in_parts) {
    expect_frames(ending_with("\r\n"), bytes_of({}, "a\rb\r\n\r\n\r\r\n"), {"a\rb", "", "\r"});
    expect_frames(ending_with("--end--"), bytes_of({}, "x--end-y--end----end--"), {"x--end-y", ""});
    expect_frames(ending_with("aab"),
                  bytes_of({},
                           "aaab"
                           "aab"),
                  {"a", ""});
}

TEST(delimiter_codec, delivers_a_payload_as_a_view_into_the_input) {
    const byte_vector input = bytes_of({}, "hello\nand more");
    const decoded answer = delimiter_codec{}.decode(input);
    ASSERT_TRUE(answer.is_frame());
    EXPECT_EQ(answer.payload().data(), input.data());
    EXPECT_EQ(answer.payload().size(), 5U);
    EXPECT_EQ(answer.consumed(), 6U);
}

TEST(delimiter_codec, delivers_the_delimiter_where_it_is_kept) {
    const delimiter_codec codec{{.delimiter = "\r\n", .keep_delimiter = true}};
    expect_frames(codec, bytes_of({}, "one\r\n\r\ntwo\r\n"), {"one\r\n", "\r\n", "two\r\n"});
}

TEST(delimiter_codec, knows_what_is_the_frame_s_before_its_end_has_come) {
    const auto settled = [](std::string_view delimiter, std::string_view text) {
        return ending_with(delimiter).settled(as_bytes(text));
    };
    EXPECT_EQ(settled("\n", ""), 0U);
    EXPECT_EQ(settled("\n", "hello"), 5U);
    EXPECT_EQ(settled("\r\n", "hello\r"), 5U);
    EXPECT_EQ(settled("\r\n", "\r"), 0U);
    EXPECT_EQ(settled("aab", "aa"), 0U);
    EXPECT_EQ(settled("aab", "aaa"), 1U);
    EXPECT_EQ(settled("aab", "aaac"), 4U);
    EXPECT_EQ(settled("aabaac", "xaabaabaa"), 4U);
}

TEST(delimiter_codec, has_the_rest_of_a_frame_keep_to_the_limit_of_all_of_it) {
    const delimiter_codec rest = delimiter_codec{{.max_frame_length = 5}}.behind(3);
    EXPECT_TRUE(rest.decode(as_bytes("lo\n")).is_frame());
    EXPECT_TRUE(rest.decode(as_bytes("lo!")).is_refused());
}

TEST(delimiter_codec, takes_zero_bytes_for_a_delimiter_too) {
    expect_frames(ending_with("\0"s), bytes_of({}, "a\0b\0"s), {"a", "b"});
}

TEST(delimiter_codec, never_asks_for_more_than_really_comes) {
    expect_modest_needs(delimiter_codec{}, bytes_of({}, "abc\n"));
    expect_modest_needs(ending_with("\r\n\r\n"), bytes_of({}, "\r\n\r\n"));
    expect_modest_needs(ending_with("\r\n\r\n"), bytes_of({}, "a\r\n\r\r\n\r\n"));
    EXPECT_EQ(ending_with("\r\n\r\n").decode({}).needed(), 4U);
}

TEST(delimiter_codec, refuses_one_byte_over_the_limit_as_soon_as_no_delimiter_can_end_it) {
    const delimiter_codec codec{{.max_frame_length = 5}};
    expect_frames(codec, bytes_of({}, "12345\n123456\n"), {"12345"}, errc::too_large);
    EXPECT_TRUE(codec.decode(bytes_of({}, "12345")).is_incomplete());
    EXPECT_EQ(codec.decode(bytes_of({}, "123456")).reason(), errc::too_large);
    const delimiter_codec wide{{.max_frame_length = 5, .delimiter = "\r\n"}};
    expect_frames(wide, bytes_of({}, "12345\r\n123456\r\n"), {"12345"}, errc::too_large);
    EXPECT_TRUE(wide.decode(bytes_of({}, "12345\r")).is_incomplete());
    EXPECT_EQ(wide.decode(bytes_of({}, "123456\r")).reason(), errc::too_large);
}

TEST(delimiter_codec, does_not_count_a_delimiter_that_is_kept) {
    const delimiter_codec codec{{.max_frame_length = 5, .keep_delimiter = true}};
    expect_frames(codec, bytes_of({}, "12345\n123456\n"), {"12345\n"}, errc::too_large);
    expect_round_trip(codec, "12345\n");
    header_buffer buffer;
    EXPECT_EQ(codec.encode(as_bytes("123456\n"), buffer).error(), errc::too_large);
}

TEST(delimiter_codec, does_not_overflow_with_the_greatest_limit) {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max() / 2;
    const delimiter_codec codec{{.max_frame_length = most}};
    expect_frames(codec, bytes_of({}, "hello\nyou"), {"hello"});
    EXPECT_THROW((delimiter_codec{{.max_frame_length = most + 1}}), std::invalid_argument);
}

TEST(delimiter_codec, tells_an_end_between_frames_from_one_inside_a_frame) {
    codec_reader<delimiter_codec> peer{ending_with("\r\n")};
    EXPECT_EQ(peer.end(), ending::clean);
    peer.arrive(as_bytes("one\r\ntwo"));
    EXPECT_EQ(peer.end(), ending::premature);
    peer.arrive(as_bytes("\r"));
    EXPECT_EQ(peer.end(), ending::premature);
    EXPECT_EQ(peer.delivered, std::vector<std::string>{"one"});
    peer.arrive(as_bytes("\n"));
    EXPECT_EQ(peer.end(), ending::clean);
}

// Each byte is looked at once, and those of a delimiter that may have begun once more: what was
// seen is not in the input any more, as far as the codec can tell.
TEST(delimiter_codec, does_not_look_again_at_what_it_has_seen) {
    const delimiter_codec codec = ending_with("\r\n");
    byte_vector input = bytes_of({}, "seen\r\nlong ago\r");
    ASSERT_TRUE(codec.decode(input, input.size()).is_incomplete());
    input.push_back(std::byte{'\n'});
    const decoded answer = codec.decode(input, input.size() - 1);
    ASSERT_TRUE(answer.is_frame());
    EXPECT_EQ(answer.consumed(), input.size());
}

TEST(delimiter_codec, decodes_what_it_encoded) {
    for (const std::string_view delimiter : {"\n", "\r\n", "\n\n", "aabaa"}) {
        for (const std::string_view payload : {"", "hello", "\r", "b"}) {
            expect_round_trip(ending_with(delimiter), payload);
        }
    }
    expect_round_trip(delimiter_codec{{.keep_delimiter = true}}, "hello\n");
}

TEST(delimiter_codec, does_not_encode_a_payload_that_would_come_as_another) {
    header_buffer buffer;
    const auto refused = [&](const delimiter_codec& codec, std::string_view payload) {
        const auto answer = codec.encode(as_bytes(payload), buffer);
        return answer ? errc{} : answer.error().code();
    };
    EXPECT_EQ(refused(delimiter_codec{}, "two\nlines"), errc::invalid_argument);
    EXPECT_EQ(refused(delimiter_codec{}, "\n"), errc::invalid_argument);
    EXPECT_EQ(refused(ending_with("\n\n"), "a\n"), errc::invalid_argument)
        << "the delimiter would begin a byte early";
    EXPECT_EQ(refused(ending_with("aabaa"), "xaab"), errc::invalid_argument);
    EXPECT_EQ(refused(delimiter_codec{{.max_frame_length = 5}}, "123456"), errc::too_large);
    const delimiter_codec keeping{{.keep_delimiter = true}};
    EXPECT_EQ(refused(keeping, "none"), errc::invalid_argument);
    EXPECT_EQ(refused(keeping, "two\nlines\n"), errc::invalid_argument);
}

// Whatever payload encode takes, decode finds: all texts of up to six letters out of two.
TEST(delimiter_codec, finds_again_whatever_it_encodes) {
    header_buffer buffer;
    for (const std::string_view delimiter : {"a", "ab", "aa", "aba", "abab"}) {
        const delimiter_codec codec = ending_with(delimiter);
        for (unsigned size = 0; size <= 6; ++size) {
            for (unsigned bits = 0; bits < 1U << size; ++bits) {
                std::string payload;
                for (unsigned at = 0; at < size; ++at) payload += (bits >> at & 1) != 0 ? 'a' : 'b';
                const std::string sent = payload + std::string{delimiter};
                const bool found_again = sent.find(delimiter) == size;
                ASSERT_EQ(codec.encode(as_bytes(payload), buffer).has_value(), found_again)
                    << payload << " before " << delimiter;
                if (found_again) expect_round_trip(codec, payload);
            }
        }
    }
}

TEST(delimiter_codec, refuses_a_delimiter_of_no_bytes_or_of_too_many) {
    EXPECT_THROW(ending_with(""), std::invalid_argument);
    EXPECT_THROW(ending_with(std::string(65, '-')), std::invalid_argument);
    expect_round_trip(ending_with(std::string(64, '-')), "hello");
}

}  // namespace
}  // namespace weir::inline v0::frame
