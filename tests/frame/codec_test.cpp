// BEHAVIOUR.md "Frames", as far as a codec decides it: what it makes of good bytes, of bytes that
// have not all arrived, and of a stream that ends.
#include "weir/frame/codec.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "frame/bytes_of.hpp"

namespace weir::inline v0::frame {
namespace {

using frames = std::vector<std::string>;

// Stands in for a connection: keeps what has arrived and takes out what is complete.
class reader {
public:
    explicit reader(const codec& codec) : codec_{codec} {}

    void arrive(bytes_view bytes) {
        input_.insert(input_.end(), bytes.begin(), bytes.end());
        for (;;) {
            const decoded answer = codec_.decode(input_);
            if (answer.is_refused()) refused = answer.reason();
            if (!answer.is_frame()) return;
            delivered.push_back(text_of(answer.payload()));
            input_.erase(input_.begin(),
                         input_.begin() + static_cast<std::ptrdiff_t>(answer.consumed()));
        }
    }
    ending end() const { return codec_.at_end(input_); }

    frames delivered;
    std::optional<errc> refused;

private:
    codec codec_;
    byte_vector input_;
};

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

TEST(frame_codec, gives_the_same_frames_byte_by_byte) {
    reader peer{codec{}};
    for (const std::byte& each : three_frames) peer.arrive({&each, 1});
    EXPECT_EQ(peer.delivered, three_texts);
    EXPECT_EQ(peer.end(), ending::clean);
}

TEST(frame_codec, gives_the_same_frames_at_every_split_in_two_or_three) {
    const bytes_view all{three_frames};
    for (std::size_t first = 0; first <= all.size(); ++first) {
        for (std::size_t second = first; second <= all.size(); ++second) {
            reader peer{codec{}};
            peer.arrive(all.first(first));
            peer.arrive(all.subspan(first, second - first));
            peer.arrive(all.subspan(second));
            ASSERT_EQ(peer.delivered, three_texts) << first << ", " << second;
        }
    }
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
    const byte_vector input = bytes_of({7, 0, 3, 9, 9}, "abc");
    const codec codec{{.length_field_length = 2, .length_field_offset = 1, .num_skip = 5}};
    ASSERT_TRUE(codec.decode(input).is_frame());
    for (std::size_t arrived = 0; arrived < input.size(); ++arrived) {
        const decoded answer = codec.decode(bytes_view{input}.first(arrived));
        ASSERT_TRUE(answer.is_incomplete()) << arrived;
        EXPECT_GE(answer.needed(), 1U) << arrived;
        EXPECT_LE(answer.needed(), input.size() - arrived) << arrived;
    }
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
    reader peer{codec{}};
    peer.arrive(three_frames + bytes_of({0xFF, 0xFF, 0xFF, 0xFF}));
    EXPECT_EQ(peer.delivered, three_texts);
    EXPECT_EQ(peer.refused, errc::too_large);
}

TEST(frame_codec, decodes_what_it_encoded) {
    const codec codec;
    header_buffer buffer;
    for (const std::string& text : {std::string{}, std::string{"x"}, std::string(70'000, 'y')}) {
        const result<bytes_view> header = codec.encode_header(text.size(), buffer);
        ASSERT_TRUE(header.has_value());
        const byte_vector sent = byte_vector(header->begin(), header->end()) + bytes_of({}, text);
        const decoded answer = codec.decode(sent);
        ASSERT_TRUE(answer.is_frame());
        EXPECT_EQ(text_of(answer.payload()), text);
        EXPECT_EQ(answer.consumed(), sent.size());
    }
}

constexpr std::byte two_bytes[]{std::byte{1}, std::byte{42}};
static_assert(codec{{.length_field_length = 1}}.decode(two_bytes).payload()[0] == std::byte{42},
              "a codec works while compiling");

}  // namespace
}  // namespace weir::inline v0::frame
