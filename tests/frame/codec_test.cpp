// BEHAVIOUR.md "Frames", as far as a codec decides it: what it makes of good bytes, of bytes that
// have not all arrived, and of a stream that ends.
#include "weir/frame/codec.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "frame/codec_reader.hpp"

namespace weir::inline v0::frame {
namespace {

using frames = std::vector<std::string>;
using reader = codec_reader<codec>;

const byte_vector three_frames =
    bytes_of({0, 0, 0, 5}, "hello") + bytes_of({0, 0, 0, 0}) + bytes_of({0, 0, 0, 6}, "world!");
const frames three_texts{"hello", "", "world!"};

TEST(frame_codec, delivers_a_payload_as_a_view_into_the_input) {
    const byte_vector input = bytes_of({0, 0, 0, 5}, "hello and more");
    const decoded answer = codec{}.decode(input);
    ASSERT_TRUE(answer.is_frame());
    EXPECT_EQ(text_of(answer.payload()), "hello");
    EXPECT_EQ(answer.payload().data(), input.data() + 4);
    EXPECT_EQ(answer.consumed(), 9U);
}

TEST(frame_codec, delivers_a_frame_of_length_0) {
    const decoded answer = codec{}.decode(bytes_of({0, 0, 0, 0}));
    ASSERT_TRUE(answer.is_frame());
    EXPECT_TRUE(answer.payload().empty());
    EXPECT_EQ(answer.consumed(), 4U);
}

TEST(frame_codec, gives_the_same_frames_however_the_bytes_are_split) {
    expect_frames(codec{}, three_frames, three_texts);
}

TEST(frame_codec, says_how_many_bytes_are_known_to_be_missing) {
    const byte_vector input = bytes_of({0, 0, 0, 5}, "hello");
    const codec codec;
    EXPECT_EQ(codec.decode({}).needed(), 4U);
    EXPECT_EQ(codec.decode(bytes_view{input}.first(3)).needed(), 1U);
    EXPECT_EQ(codec.decode(bytes_view{input}.first(4)).needed(), 5U);
    EXPECT_EQ(codec.decode(bytes_view{input}.first(8)).needed(), 1U);
}

TEST(frame_codec, never_asks_for_more_than_really_comes) {
    const codec codec{{.length_field_length = 2, .length_field_offset = 1, .num_skip = 5}};
    expect_modest_needs(codec, bytes_of({7, 0, 3, 9, 9}, "abc"));
}

TEST(frame_codec, tells_an_end_between_frames_from_one_inside_a_frame) {
    const bytes_view all{three_frames};
    const std::vector<std::size_t> boundaries{0, 9, 13, 23};
    for (std::size_t arrived = 0; arrived <= all.size(); ++arrived) {
        reader peer{codec{}};
        peer.arrive(all.first(arrived));
        const bool boundary = std::ranges::count(boundaries, arrived) == 1;
        EXPECT_EQ(peer.end(), boundary ? ending::clean : ending::premature) << arrived;
    }
}

TEST(frame_codec, delivers_nothing_of_a_payload_that_the_stream_ends_in) {
    reader peer{codec{}};
    peer.arrive(bytes_of({0, 0, 0, 5}, "hell"));
    EXPECT_EQ(peer.end(), ending::premature);
    EXPECT_TRUE(peer.delivered.empty());
}

TEST(frame_codec, delivers_the_frames_before_one_that_it_refuses) {
    expect_frames(codec{}, three_frames + bytes_of({0xFF, 0xFF, 0xFF, 0xFF}), three_texts,
                  errc::too_large);
}

TEST(frame_codec, decodes_what_it_encoded) {
    for (const unsigned size : {0U, 1U, 70'000U})
        expect_round_trip(codec{}, std::string(size, 'y'));
}

TEST(frame_codec, announces_a_frame_before_its_payload_has_come) {
    const codec codec{{.max_frame_length = 300, .length_field_length = 2, .num_skip = 3}};
    EXPECT_TRUE(codec.announce(bytes_of({1})).is_incomplete());
    EXPECT_EQ(codec.announce(bytes_of({1, 44})).length(), 300U);
    EXPECT_EQ(codec.announce(bytes_of({1, 44})).skip(), 3U) << "one of which is still to come";
    EXPECT_EQ(codec.announce(bytes_of({1, 45})).reason(), errc::too_large);
}

constexpr std::byte two_bytes[]{std::byte{1}, std::byte{42}};
static_assert(codec{{.length_field_length = 1}}.decode(two_bytes).payload()[0] == std::byte{42},
              "a codec works while compiling");

}  // namespace
}  // namespace weir::inline v0::frame
