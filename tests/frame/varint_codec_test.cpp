// BEHAVIOUR.md "Frames", for lengths that are varints: whole and split, over the limit, misspelled.
#include "weir/frame/varint_codec.hpp"

#include <limits>
#include <type_traits>

#include <gtest/gtest.h>

#include "frame/codec_reader.hpp"

namespace weir::inline v0::frame {
namespace {

constexpr std::size_t longest = std::numeric_limits<std::size_t>::max() / 2;

TEST(varint_codec, gives_the_same_frames_however_the_bytes_are_split) {
    const std::string longer(130, 'x');
    expect_frames(varint_codec{},
                  bytes_of({5}, "hello") + bytes_of({0}) + bytes_of({0x82, 1}, longer),
                  {"hello", "", longer});
}

TEST(varint_codec, delivers_a_payload_as_a_view_into_the_input) {
    const byte_vector input = bytes_of({5}, "hello and more");
    const decoded answer = varint_codec{}.decode(input);
    ASSERT_TRUE(answer.is_frame());
    EXPECT_EQ(answer.payload().data(), input.data() + 1);
    EXPECT_EQ(answer.consumed(), 6U);
}

TEST(varint_codec, delivers_a_frame_of_length_0) {
    const decoded answer = varint_codec{}.decode(bytes_of({0}));
    ASSERT_TRUE(answer.is_frame());
    EXPECT_TRUE(answer.payload().empty());
    EXPECT_EQ(answer.consumed(), 1U);
}

TEST(varint_codec, never_asks_for_more_than_really_comes) {
    expect_modest_needs(varint_codec{}, bytes_of({3}, "abc"));
    expect_modest_needs(varint_codec{}, bytes_of({0x80, 1}, std::string(128, 'x')));
}

TEST(varint_codec, tells_an_end_between_frames_from_one_inside_a_frame) {
    const varint_codec codec;
    EXPECT_EQ(codec.at_end({}), ending::clean);
    EXPECT_EQ(codec.at_end(bytes_of({0x80})), ending::premature) << "inside a length";
    EXPECT_EQ(codec.at_end(bytes_of({5}, "hell")), ending::premature) << "inside a payload";
}

TEST(varint_codec, refuses_a_length_over_the_limit_with_the_byte_that_exceeds_it) {
    const varint_codec codec{{.max_frame_length = 300}};
    EXPECT_TRUE(codec.decode(bytes_of({0xAC})).is_incomplete());
    EXPECT_EQ(codec.decode(bytes_of({0xAC, 2})).needed(), 300U);
    EXPECT_EQ(codec.decode(bytes_of({0xAD, 2})).reason(), errc::too_large);
    expect_frames(codec, bytes_of({1}, "x") + bytes_of({0xFF, 0xFF, 0xFF, 0xFF}), {"x"},
                  errc::too_large);
    EXPECT_EQ(codec.decode(bytes_of({0xFF, 0xFF})).reason(), errc::too_large)
        << "more digits can only add to it";
}

TEST(varint_codec, refuses_0xFFFFFFFF_before_any_allocation) {
    static_assert(noexcept(std::declval<const varint_codec&>().decode(bytes_view{})));
    static_assert(std::is_trivially_destructible_v<varint_codec>);
    expect_frames(varint_codec{}, bytes_of({0xFF, 0xFF, 0xFF, 0xFF, 0x0F}), {}, errc::too_large);
}

TEST(varint_codec, takes_a_length_that_is_longer_than_it_need_be_for_malformed) {
    expect_frames(varint_codec{}, bytes_of({0x80, 0}), {}, errc::malformed);
    expect_frames(varint_codec{}, bytes_of({0x85, 0x80, 0}, "hello"), {}, errc::malformed);
}

TEST(varint_codec, takes_a_length_of_more_than_64_bits_for_malformed) {
    const varint_codec codec{{.max_frame_length = longest}};
    byte_vector nine_digits(9, std::byte{0x80});
    expect_frames(codec, nine_digits + bytes_of({2}), {}, errc::malformed);
    expect_frames(codec, nine_digits + bytes_of({0x80, 1}), {}, errc::malformed);
    expect_frames(codec, nine_digits + bytes_of({1}), {}, errc::too_large);
}

TEST(varint_codec, does_not_overflow_with_the_greatest_length) {
    const varint_codec codec{{.max_frame_length = longest}};
    header_buffer buffer;
    const auto header = codec.encode_header(longest, buffer);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(header->size(), 9U);
    EXPECT_EQ(codec.decode(*header).needed(), longest);
    EXPECT_EQ(codec.announce(*header).length(), longest);
}

TEST(varint_codec, decodes_what_it_encoded) {
    for (const unsigned size : {0U, 1U, 127U, 128U, 129U, 16'383U, 16'384U, 70'000U}) {
        expect_round_trip(varint_codec{}, std::string(size, 'y'));
    }
}

TEST(varint_codec, does_not_encode_a_payload_that_it_would_not_decode) {
    header_buffer buffer;
    const varint_codec codec{{.max_frame_length = 300}};
    EXPECT_TRUE(codec.encode_header(300, buffer).has_value());
    EXPECT_EQ(codec.encode_header(301, buffer).error(), errc::too_large);
    EXPECT_EQ(codec.encode(as_bytes(std::string(301, 'x')), buffer).error(), errc::too_large);
}

TEST(varint_codec, announces_a_frame_before_its_payload_has_come) {
    const varint_codec codec;
    EXPECT_EQ(codec.announce({}).needed(), 1U);
    EXPECT_EQ(codec.announce(bytes_of({0x80, 1})).length(), 128U);
    EXPECT_EQ(codec.announce(bytes_of({0x80, 1})).skip(), 2U);
    EXPECT_EQ(codec.announce(bytes_of({0x80, 0})).reason(), errc::malformed);
}

TEST(varint_codec, refuses_a_limit_that_cannot_be_counted) {
    EXPECT_THROW((varint_codec{{.max_frame_length = longest + 1}}), std::invalid_argument);
    EXPECT_NO_THROW((varint_codec{{.max_frame_length = 0}}));
}

constexpr std::byte one_frame[]{std::byte{1}, std::byte{42}};
static_assert(varint_codec{}.decode(one_frame).payload()[0] == std::byte{42},
              "a codec works while compiling");

}  // namespace
}  // namespace weir::inline v0::frame
