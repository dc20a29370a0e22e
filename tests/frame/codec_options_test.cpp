// Each option by itself, as protocols use it, and options that contradict each other.
#include "weir/frame/codec_options.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "weir/frame/codec.hpp"

#include "frame/bytes_of.hpp"

namespace weir::inline v0::frame {
namespace {

constexpr std::size_t one_mebibyte = std::size_t{1} << 20;

std::string payload_of(const codec_options& options, const byte_vector& input) {
    const decoded answer = codec{options}.decode(input);
    if (!answer.is_frame()) return "(no frame)";
    EXPECT_EQ(answer.consumed(), input.size());
    return text_of(answer.payload());
}

TEST(frame_codec_options, default_to_4_big_endian_bytes_and_8_mebibytes) {
    EXPECT_EQ(payload_of({}, bytes_of({0, 0, 0, 2}, "hi")), "hi");
    EXPECT_EQ(codec{}.max_frame_length(), 8 * one_mebibyte);
    EXPECT_EQ(codec{}.header_length(), 4U);
}

TEST(frame_codec_options, read_lengths_of_1_to_8_bytes_in_both_byte_orders) {
    header_buffer buffer;
    for (const bool big_endian : {true, false}) {
        for (unsigned bytes = 1; bytes <= 8; ++bytes) {
            const codec codec{{.length_field_length = bytes, .big_endian = big_endian}};
            const std::size_t length = bytes == 1 ? 0x81 : 0x0102;
            const result<bytes_view> header = codec.encode_header(length, buffer);
            ASSERT_TRUE(header.has_value());
            ASSERT_EQ(header->size(), bytes);
            const std::byte low = big_endian ? header->back() : header->front();
            EXPECT_EQ(low, bytes == 1 ? std::byte{0x81} : std::byte{0x02});
            EXPECT_EQ(codec.decode(*header).needed(), length) << bytes << big_endian;
            const byte_vector more = bytes_of({}, as_text(*header)) + byte_vector(8, std::byte{7});
            EXPECT_EQ(codec.announce(more).length(), length) << bytes << big_endian;
        }
    }
}

// As a big-endian field says it.
std::size_t number_of(bytes_view field) {
    std::size_t number = 0;
    for (const std::byte each : field) number = number << 8 | std::to_integer<std::size_t>(each);
    return number;
}

// Of so many bytes, no two of them alike and none of them zero.
byte_vector field_from(unsigned first, unsigned bytes) {
    byte_vector field;
    for (unsigned i = 0; i < bytes; ++i) field.push_back(static_cast<std::byte>(first + i));
    return field;
}

// Where it ends the input, and where eight bytes can be read from its start.
void expect_announced(const codec& codec, const byte_vector& header, std::size_t length) {
    for (const byte_vector& behind : {byte_vector{}, byte_vector(8, std::byte{0xFF})}) {
        const announced heard = codec.announce(header + behind);
        ASSERT_TRUE(heard.is_frame());
        EXPECT_EQ(heard.length(), length);
        EXPECT_EQ(heard.skip(), header.size());
    }
    EXPECT_EQ(codec.decode(header).needed(), length);
}

// Every byte of it, behind others that are not part of it.
void expect_written_and_read(codec_options shape, std::size_t length, const byte_vector& field) {
    shape.max_frame_length = length;
    header_buffer buffer;
    buffer.fill(std::byte{0xEE});
    const result<bytes_view> header = codec{shape}.encode_header(length, buffer);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(text_of(*header), text_of(byte_vector(shape.length_field_offset) + field));
    const byte_vector heard = byte_vector(shape.length_field_offset, std::byte{0xEE}) + field;
    expect_announced(codec{shape}, heard, length);
    shape.max_frame_length = length - 1;
    EXPECT_EQ(codec{shape}.encode_header(length, buffer).error(), errc::too_large);
    EXPECT_EQ(codec{shape}.announce(heard).reason(), errc::too_large);
}

TEST(frame_codec_options, write_and_read_lengths_that_need_each_of_1_to_8_bytes) {
    for (unsigned bytes = 1; bytes <= 8; ++bytes) {
        for (const unsigned first : {0x01U, 0x7CU}) {
            const byte_vector field = field_from(first, bytes);
            const byte_vector reversed{field.rbegin(), field.rend()};
            const std::size_t length = number_of(field);
            SCOPED_TRACE(length);
            for (const std::size_t offset : {0U, 3U}) {
                codec_options shape{.length_field_length = bytes, .length_field_offset = offset};
                expect_written_and_read(shape, length, field);
                shape.big_endian = false;
                expect_written_and_read(shape, length, reversed);
            }
        }
    }
}

TEST(frame_codec_options, skip_what_stands_before_the_length_field) {
    EXPECT_EQ(payload_of({.length_field_length = 2, .length_field_offset = 1},
                         bytes_of({0xCA, 0, 2}, "hi")),
              "hi");
}

TEST(frame_codec_options, deliver_the_header_where_it_is_not_skipped) {
    EXPECT_EQ(payload_of({.length_field_length = 2, .length_adjustment = 2, .num_skip = 0},
                         bytes_of({0, 2}, "hi")),
              text_of(bytes_of({0, 2}, "hi")));
}

TEST(frame_codec_options, subtract_a_header_that_the_length_counts) {
    EXPECT_EQ(
        payload_of({.length_field_length = 2, .length_adjustment = -2}, bytes_of({0, 4}, "hi")),
        "hi");
}

TEST(frame_codec_options, add_a_header_that_follows_the_length) {
    EXPECT_EQ(
        payload_of({.length_field_length = 1, .length_adjustment = 1}, bytes_of({2, 0xCA}, "hi")),
        text_of(bytes_of({0xCA}, "hi")));
}

TEST(frame_codec_options, encode_so_that_decoding_consumes_header_and_payload) {
    const codec_options shapes[]{{.length_field_length = 2, .length_field_offset = 3},
                                 {.length_adjustment = -4},
                                 {.length_adjustment = 2},
                                 {.num_skip = 0},
                                 {.length_field_offset = 1, .length_adjustment = 5, .num_skip = 2},
                                 {.length_field_length = 8, .num_skip = 20, .big_endian = false}};
    header_buffer buffer;
    for (const codec_options& shape : shapes) {
        const codec codec{shape};
        const result<bytes_view> header = codec.encode_header(5, buffer);
        ASSERT_TRUE(header.has_value());
        EXPECT_EQ(header->size(), codec.header_length());
        const byte_vector sent =
            byte_vector(header->begin(), header->end()) + bytes_of({}, "hello");
        EXPECT_TRUE(payload_of(shape, sent).ends_with("hello"));
    }
}

TEST(frame_codec_options, leave_header_bytes_that_are_the_callers_zero) {
    header_buffer buffer;
    buffer.fill(std::byte{0xEE});
    const codec codec{{.length_field_length = 1, .length_field_offset = 2, .num_skip = 5}};
    const result<bytes_view> header = codec.encode_header(9, buffer);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(text_of(*header), text_of(bytes_of({0, 0, 9, 0, 0})));
    EXPECT_EQ(buffer[5], std::byte{0xEE});
}

TEST(frame_codec_options, encode_no_payload_that_they_would_not_decode) {
    header_buffer buffer;
    const codec limited{{.max_frame_length = 300}};
    EXPECT_TRUE(limited.encode(byte_vector(300), buffer).has_value());
    EXPECT_EQ(limited.encode(byte_vector(301), buffer).error(), errc::too_large);
    const codec short_field{{.length_field_length = 1}};
    EXPECT_TRUE(short_field.encode(byte_vector(255), buffer).has_value());
    EXPECT_EQ(short_field.encode(byte_vector(256), buffer).error(), errc::too_large);
}

TEST(frame_codec_options, may_limit_each_direction_by_itself) {
    header_buffer buffer;
    const codec_options shapes[]{
        {.max_frame_length = 5, .max_encoded_length = 300},
        {.max_frame_length = 300, .max_encoded_length = 5},
        {.max_frame_length = 5, .length_adjustment = -4, .max_encoded_length = 300},
        {.max_frame_length = 300, .length_adjustment = 4, .max_encoded_length = 5},
    };
    for (const codec_options& shape : shapes) {
        const codec codec{shape};
        const std::size_t most = codec.max_encoded_length();
        EXPECT_EQ(codec.max_frame_length(), shape.max_frame_length);
        EXPECT_EQ(most, shape.max_encoded_length);
        EXPECT_EQ(codec.encode(byte_vector(most + 1), buffer).error(), errc::too_large);
        const result<bytes_view> header = codec.encode_header(most, buffer);
        ASSERT_TRUE(header.has_value());
        const auto heard = codec.announce(*header);
        if (most > codec.max_frame_length())
            EXPECT_EQ(heard.reason(), errc::too_large);
        else
            EXPECT_EQ(heard.length(), most);
    }
    EXPECT_EQ((codec{{.length_field_length = 1, .max_encoded_length = 256}}.max_encoded_length()),
              255U);
}

TEST(frame_codec_options, are_refused_where_they_admit_no_frame) {
    const codec_options wrong[]{
        {.length_field_length = 0},
        {.length_field_length = 9},
        {.length_field_offset = 61},
        {.length_field_offset = ~std::size_t{0}},
        {.num_skip = 65},
        {.max_frame_length = ~std::size_t{0}},
        {.max_encoded_length = ~std::size_t{0}},
        {.max_frame_length = 3, .num_skip = 0},
        {.num_skip = 0, .max_encoded_length = 3},
        {.max_frame_length = 100, .length_adjustment = 101},
        {.length_field_length = 1, .length_adjustment = -256},
    };
    for (const codec_options& options : wrong)
        EXPECT_THROW(codec{options}, std::invalid_argument) << &options - wrong;
}

TEST(frame_codec_options, are_taken_at_their_extremes) {
    EXPECT_NO_THROW((codec{{.max_frame_length = 0}}));
    EXPECT_NO_THROW((codec{{.length_field_offset = 60}}));
    EXPECT_NO_THROW((codec{{.num_skip = 64}}));
    EXPECT_NO_THROW((codec{{.length_field_length = 1, .length_adjustment = -255}}));
}

}  // namespace
}  // namespace weir::inline v0::frame
