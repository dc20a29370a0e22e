// Stands in for a connection where a codec is tested: keeps what has arrived and takes out what is
// complete.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/frame/frame_codec.hpp"

#include "frame/bytes_of.hpp"

namespace weir::inline v0::frame {

template <frame_codec Codec>
class codec_reader {
public:
    explicit codec_reader(const Codec& codec) : codec_{codec} {}

    void arrive(bytes_view bytes) {
        input_.insert(input_.end(), bytes.begin(), bytes.end());
        for (;;) {
            const decoded answer = decode();
            if (answer.is_refused()) refused = answer.reason();
            if (!answer.is_frame()) return;
            delivered.push_back(text_of(answer.payload()));
            input_.erase(input_.begin(),
                         input_.begin() + static_cast<std::ptrdiff_t>(answer.consumed()));
        }
    }
    ending end() const { return codec_.at_end(input_); }

    std::vector<std::string> delivered;
    std::optional<errc> refused;

private:
    decoded decode() {
        if constexpr (searching_codec<Codec>) {
            const decoded answer = codec_.decode(input_, seen_);
            seen_ = answer.is_incomplete() ? input_.size() : 0;
            return answer;
        } else {
            return codec_.decode(input_);
        }
    }

    Codec codec_;
    byte_vector input_;
    std::size_t seen_ = 0;
};

// The same bytes give the same frames, and the same refusal, whole, byte by byte and at every split
// in two or three.
template <frame_codec Codec>
void expect_frames(const Codec& codec, const byte_vector& bytes,
                   const std::vector<std::string>& frames, std::optional<errc> refusal = {}) {
    const auto expect = [&](const codec_reader<Codec>& peer, std::size_t first,
                            std::size_t second) {
        ASSERT_EQ(peer.delivered, frames) << first << ", " << second;
        ASSERT_EQ(peer.refused, refusal) << first << ", " << second;
    };
    const bytes_view all{bytes};
    codec_reader<Codec> patient{codec};
    for (const std::byte& each : bytes) {
        if (!patient.refused) patient.arrive({&each, 1});
    }
    expect(patient, 0, 0);
    for (std::size_t first = 0; first <= all.size(); ++first) {
        for (std::size_t second = first; second <= all.size(); ++second) {
            codec_reader<Codec> peer{codec};
            peer.arrive(all.first(first));
            if (!peer.refused) peer.arrive(all.subspan(first, second - first));
            if (!peer.refused) peer.arrive(all.subspan(second));
            expect(peer, first, second);
        }
    }
}

// Of a frame that came whole: at each point before its end, at least one byte is missing, and no
// more is said to be than really comes.
template <frame_codec Codec>
void expect_modest_needs(const Codec& codec, const byte_vector& frame) {
    ASSERT_TRUE(codec.decode(frame).is_frame());
    for (std::size_t arrived = 0; arrived < frame.size(); ++arrived) {
        const decoded answer = codec.decode(bytes_view{frame}.first(arrived));
        ASSERT_TRUE(answer.is_incomplete()) << arrived;
        EXPECT_GE(answer.needed(), 1U) << arrived;
        EXPECT_LE(answer.needed(), frame.size() - arrived) << arrived;
    }
}

// What is encoded around payload is found again as the same, and all of it is taken up.
template <frame_codec Codec>
void expect_round_trip(const Codec& codec, std::string_view payload) {
    header_buffer buffer;
    const auto around = codec.encode(as_bytes(payload), buffer);
    ASSERT_TRUE(around.has_value());
    const byte_vector sent = bytes_of({}, as_text(around->header())) + bytes_of({}, payload) +
                             bytes_of({}, as_text(around->trailer()));
    const decoded answer = codec.decode(sent);
    ASSERT_TRUE(answer.is_frame());
    EXPECT_TRUE(text_of(answer.payload()) == payload);
    EXPECT_EQ(answer.consumed(), sent.size());
}

}  // namespace weir::inline v0::frame
