// A stream of frames, read by any codec: the same frames wherever it is cut, none larger than it
// may be, and no byte looked at that was seen before.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "weir/base/asan.hpp"
#include "weir/base/bytes.hpp"
#include "weir/frame/frame_codec.hpp"

#include "fuzz/cut.hpp"
#include "fuzz/hold.hpp"
#include "support/moving_bytes.hpp"

// Out of the fuzzers' own namespace, which they do not watch, and not inline in it: what they are
// to watch is inline in here.
namespace weir::fuzzed {

template <frame::frame_codec Codec>
[[gnu::noinline]] frame::decoded decode(const Codec& how, bytes_view input, std::size_t seen) {
    if constexpr (frame::searching_codec<Codec>) {
        return how.decode(input, seen);
    } else {
        return how.decode(input);
    }
}

template <frame::frame_codec Codec>
[[gnu::noinline]] result<frame::envelope> encode(const Codec& how, bytes_view payload,
                                                 frame::header_buffer& room) {
    return how.encode(payload, room);
}

}  // namespace weir::fuzzed

namespace weir::fuzz {

struct frame_stream {
    std::vector<std::size_t> sizes;   // of its frames
    std::vector<std::byte> payloads;  // one behind the other
    std::size_t consumed = 0;         // bytes of the stream that its frames take up
    std::optional<errc> refused;
    frame::ending end = frame::ending::clean;

    bool operator==(const frame_stream&) const = default;
};

struct frame_bounds {
    std::size_t most_payload;
    // Of what was seen before, so many bytes at the end may be looked at once more.
    std::size_t look_back = 0;
};

template <frame::frame_codec Codec>
class frame_reader {
public:
    // most: of bytes that are there at once.
    frame_reader(const Codec& how, const frame_bounds& bounds, std::size_t most)
        : codec_{how}, bounds_{bounds}, places_{most} {}

    void arrive(bytes_view piece) {
        if (read_.refused) return;
        left_ = places_.join(left_, piece);
        for (;;) {
            const frame::decoded answer = decode();
            if (answer.is_refused()) read_.refused = answer.reason();
            if (answer.is_incomplete()) wait_for(answer.needed());
            if (!answer.is_frame()) break;
            take(answer);
        }
    }

    frame_stream finish() {
        if (!read_.refused) read_.end = codec_.at_end(left_);
        return std::move(read_);
    }

private:
    frame::decoded decode() {
        const bytes_view done = left_.first(seen_ - std::min(seen_, bounds_.look_back));
        poison(done.data(), done.size());
        const frame::decoded answer = fuzzed::decode(codec_, left_, seen_);
        unpoison(done.data(), done.size());
        return answer;
    }

    void wait_for(std::size_t needed) {
        hold(needed > 0, "what is incomplete needs more");
        least_ = std::max(least_, left_.size() + needed);
        if (frame::searching_codec<Codec>) seen_ = left_.size();
    }

    void take(const frame::decoded& answer) {
        const bytes_view payload = answer.payload();
        hold(answer.consumed() > 0 && answer.consumed() <= left_.size(),
             "consumed is of the input");
        hold(answer.consumed() >= least_, "no more was needed than came");
        hold(payload.size() <= bounds_.most_payload, "no frame is over the limit");
        hold(payload.empty() || (payload.data() >= left_.data() &&
                                 payload.data() + payload.size() <= left_.data() + left_.size()),
             "a payload is a view into the input");
        read_.sizes.push_back(payload.size());
        read_.payloads.insert(read_.payloads.end(), payload.begin(), payload.end());
        read_.consumed += answer.consumed();
        left_ = left_.subspan(answer.consumed());
        seen_ = least_ = 0;
    }

    Codec codec_;
    frame_bounds bounds_;
    moving_bytes places_;
    bytes_view left_;
    std::size_t seen_ = 0;
    std::size_t least_ = 0;
    frame_stream read_;
};

// As it comes where the input says.
template <class Reader>
frame_stream read_cut(Reader reader, bytes_view input) {
    std::size_t from = 0;
    for (const std::size_t to : cuts_of(input)) {
        reader.arrive(input.subspan(from, to - from));
        from = to;
    }
    reader.arrive(input.subspan(from));
    return reader.finish();
}

// Whole, and cut.
template <frame::frame_codec Codec>
frame_stream read_stream(const Codec& how, const frame_bounds& bounds, bytes_view input) {
    frame_reader<Codec> whole{how, bounds, input.size()};
    whole.arrive(input);
    frame_stream expected = whole.finish();
    const frame_stream cut = read_cut(frame_reader<Codec>{how, bounds, input.size()}, input);
    hold(cut == expected, "a stream means the same wherever it is cut");
    return expected;
}

// Adds a frame with this payload to what is sent. Whether there can be one.
template <frame::frame_codec Codec>
bool send(const Codec& how, bytes_view payload, std::vector<std::byte>& sent) {
    frame::header_buffer room;
    const auto around = fuzzed::encode(how, payload, room);
    if (!around) return false;
    sent.reserve(sent.size() + payload.size() + frame::max_header_length);
    for (const bytes_view part : {around->header(), payload, around->trailer()})
        sent.insert(sent.end(), part.begin(), part.end());
    return true;
}

// For a codec that gives a frame one spelling: its frames, sent again, are the bytes that came.
template <frame::frame_codec Codec>
void send_again(const Codec& how, const frame_stream& read, bytes_view input) {
    std::vector<std::byte> sent;
    sent.reserve(read.consumed + frame::max_header_length);
    bytes_view rest{read.payloads};
    for (const std::size_t size : read.sizes) {
        hold(send(how, rest.first(size), sent), "a frame that came may be sent");
        rest = rest.subspan(size);
    }
    hold(std::ranges::equal(sent, input.first(read.consumed)), "what is sent again is what came");
}

// Whether all of `sent` is one frame with this payload.
template <frame::frame_codec Codec>
bool comes_as(const Codec& how, bytes_view sent, bytes_view payload) {
    const frame::decoded answer = how.decode(sent);
    return answer.is_frame() && answer.consumed() == sent.size() &&
           std::ranges::equal(answer.payload(), payload);
}

}  // namespace weir::fuzz
