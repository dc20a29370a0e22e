// BEHAVIOUR.md "Frames": lengths that no frame may have, up to the ends of 64 bits.
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include "weir/frame/codec.hpp"

#include "frame/bytes_of.hpp"

namespace weir::inline v0::frame {
namespace {

constexpr std::int64_t least_adjustment = std::numeric_limits<std::int64_t>::min();
constexpr std::size_t most_length = std::numeric_limits<std::size_t>::max() / 2;

byte_vector field_of_8(std::uint64_t value) {
    byte_vector bytes;
    for (unsigned shift = 64; shift > 0; shift -= 8)
        bytes.push_back(static_cast<std::byte>(value >> (shift - 8) & 0xFF));
    return bytes;
}

TEST(frame_codec, refuses_0xFFFFFFFF_before_any_allocation) {
    // Nothing in its signatures can allocate: it gets a view, answers with a view, and cannot
    // throw.
    static_assert(noexcept(std::declval<const codec&>().decode(bytes_view{})));
    static_assert(std::is_trivially_destructible_v<codec> &&
                  std::is_trivially_destructible_v<decoded>);
    const decoded answer = codec{}.decode(bytes_of({0xFF, 0xFF, 0xFF, 0xFF}));
    ASSERT_TRUE(answer.is_refused());
    EXPECT_EQ(answer.reason(), errc::too_large);
}

TEST(frame_codec, refuses_one_byte_over_the_limit_as_soon_as_the_length_is_there) {
    const codec codec{{.max_frame_length = 300}};
    EXPECT_TRUE(codec.decode(bytes_of({0, 0, 1})).is_incomplete());
    EXPECT_EQ(codec.decode(bytes_of({0, 0, 1, 45})).reason(), errc::too_large);
    EXPECT_EQ(codec.decode(bytes_of({0, 0, 1, 44})).needed(), 300U);
}

TEST(frame_codec, refuses_before_the_rest_of_a_longer_header_came) {
    const codec codec{{.max_frame_length = 3, .length_field_length = 1, .num_skip = 10}};
    EXPECT_EQ(codec.decode(bytes_of({4})).reason(), errc::too_large);
    EXPECT_EQ(codec.decode(bytes_of({3})).needed(), 12U);
}

TEST(frame_codec, limits_the_frame_and_not_its_length_field) {
    const codec counts_header{{.max_frame_length = 10, .length_adjustment = -4}};
    EXPECT_EQ(counts_header.decode(bytes_of({0, 0, 0, 14})).needed(), 10U);
    EXPECT_EQ(counts_header.decode(bytes_of({0, 0, 0, 15})).reason(), errc::too_large);
    const codec adds_checksum{{.max_frame_length = 10, .length_adjustment = 4}};
    EXPECT_EQ(adds_checksum.decode(bytes_of({0, 0, 0, 6})).needed(), 10U);
    EXPECT_EQ(adds_checksum.decode(bytes_of({0, 0, 0, 7})).reason(), errc::too_large);
}

TEST(frame_codec, takes_a_length_that_the_adjustment_makes_negative_for_malformed) {
    const codec codec{{.length_adjustment = -4}};
    EXPECT_EQ(codec.decode(bytes_of({0, 0, 0, 3})).reason(), errc::malformed);
    EXPECT_TRUE(codec.decode(bytes_of({0, 0, 0, 4})).is_frame());
}

TEST(frame_codec, takes_a_frame_that_ends_inside_its_own_header_for_malformed) {
    // Were it a frame, it could be one of no bytes, and decoding would never advance.
    const codec codec{{.num_skip = 0}};
    EXPECT_EQ(codec.decode(bytes_of({0, 0, 0, 0})).reason(), errc::malformed);
    EXPECT_EQ(codec.decode(bytes_of({0, 0, 0, 3})).reason(), errc::malformed);
    const byte_vector empty = bytes_of({0, 0, 0, 4});
    ASSERT_TRUE(codec.decode(empty).is_frame());
    EXPECT_EQ(codec.decode(empty).consumed(), 4U);
}

TEST(frame_codec, does_not_overflow_with_a_length_of_8_bytes) {
    const codec codec{{.max_frame_length = most_length, .length_field_length = 8}};
    EXPECT_EQ(codec.decode(field_of_8(~std::uint64_t{0})).reason(), errc::too_large);
    EXPECT_EQ(codec.decode(field_of_8(most_length + 1)).reason(), errc::too_large);
    EXPECT_EQ(codec.decode(field_of_8(most_length)).needed(), most_length);
}

TEST(frame_codec, does_not_overflow_with_the_most_negative_adjustment) {
    const codec codec{{.max_frame_length = most_length,
                       .length_field_length = 8,
                       .length_adjustment = least_adjustment}};
    constexpr std::uint64_t less = std::uint64_t{1} << 63;
    EXPECT_EQ(codec.decode(field_of_8(~std::uint64_t{0})).needed(), most_length);
    EXPECT_EQ(codec.decode(field_of_8(less - 1)).reason(), errc::malformed);
    ASSERT_TRUE(codec.decode(field_of_8(less)).is_frame());
    EXPECT_EQ(codec.decode(field_of_8(less)).consumed(), 8U);
}

TEST(frame_codec, does_not_overflow_with_the_greatest_adjustment) {
    const codec codec{{.max_frame_length = most_length,
                       .length_field_length = 8,
                       .length_adjustment = std::numeric_limits<std::int64_t>::max()}};
    EXPECT_EQ(codec.decode(field_of_8(0)).needed(), most_length);
    EXPECT_EQ(codec.decode(field_of_8(1)).reason(), errc::too_large);
    EXPECT_EQ(codec.decode(field_of_8(~std::uint64_t{0})).reason(), errc::too_large);
    header_buffer buffer;
    EXPECT_EQ(codec.encode_header(0, buffer).error(), errc::invalid_argument);
}

TEST(frame_codec, does_not_encode_a_payload_that_it_would_not_decode) {
    header_buffer buffer;
    const codec codec{{.max_frame_length = 300}};
    EXPECT_TRUE(codec.encode_header(300, buffer).has_value());
    EXPECT_EQ(codec.encode_header(301, buffer).error(), errc::too_large);
    EXPECT_EQ(codec.encode_header(~std::size_t{0}, buffer).error(), errc::too_large);
}

TEST(frame_codec, lowers_its_limit_to_what_the_length_field_can_say) {
    const codec codec{{.length_field_length = 1}};
    EXPECT_EQ(codec.max_frame_length(), 255U);
    header_buffer buffer;
    EXPECT_TRUE(codec.encode_header(255, buffer).has_value());
    EXPECT_EQ(codec.encode_header(256, buffer).error(), errc::too_large);
}

// Of a field of 8 bytes half, since a header has to be added to it.
TEST(frame_codec, takes_all_lengths_that_a_field_of_1_to_7_bytes_can_say_and_half_of_those_of_8) {
    header_buffer buffer;
    for (const bool big_endian : {true, false}) {
        for (unsigned bytes = 1; bytes <= 8; ++bytes) {
            const codec codec{{.max_frame_length = most_length,
                               .length_field_length = bytes,
                               .big_endian = big_endian}};
            byte_vector field(bytes, std::byte{0xFF});
            if (bytes == 8) (big_endian ? field.front() : field.back()) = std::byte{0x7F};
            const std::size_t most = most_length >> (bytes == 8 ? 0 : 63 - 8 * bytes);
            EXPECT_EQ(codec.max_frame_length(), most) << bytes;
            EXPECT_EQ(codec.announce(field).length(), most) << bytes;
            const result<bytes_view> header = codec.encode_header(most, buffer);
            ASSERT_TRUE(header.has_value());
            EXPECT_EQ(text_of(*header), text_of(field));
            EXPECT_EQ(codec.encode_header(most + 1, buffer).error(), errc::too_large) << bytes;
        }
    }
}

TEST(frame_codec, refuses_more_than_half_of_what_8_bytes_can_say_in_either_byte_order) {
    for (const std::uint64_t length : {std::uint64_t{1} << 63, 0x8102'0304'0506'0708}) {
        const byte_vector field = field_of_8(length);
        codec_options options{.max_frame_length = most_length, .length_field_length = 8};
        EXPECT_EQ(codec{options}.announce(field).reason(), errc::too_large);
        options.big_endian = false;
        const byte_vector reversed{field.rbegin(), field.rend()};
        EXPECT_EQ(codec{options}.announce(reversed).reason(), errc::too_large);
    }
}

}  // namespace
}  // namespace weir::inline v0::frame
