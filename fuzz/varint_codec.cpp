// A stream of frames that begin with their length as a varint, under several limits: the same
// frames wherever it is cut, the same bytes when they are sent again, and any length that fits
// comes back.
#include "weir/frame/varint_codec.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "fuzz/frame_stream.hpp"
#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"

namespace weir::fuzzed {

[[gnu::noinline]] static frame::announced announce(const frame::varint_codec& how,
                                                   bytes_view input) {
    return how.announce(input);
}

}  // namespace weir::fuzzed

namespace weir::fuzz {
namespace {

void send_any(const frame::varint_codec& how, bytes_view payload) {
    std::vector<std::byte> sent;
    const bool may_be_sent = send(how, payload, sent);
    hold(may_be_sent == (payload.size() <= how.max_frame_length()), "what fits is sent");
    hold(!may_be_sent || comes_as(how, sent, payload), "what is sent comes back");
}

// The input's first bytes as a length, whose frame nobody could hold.
void announce_any(const frame::varint_codec& how, bytes_view input) {
    std::uint64_t length = 0;
    const auto into = std::as_writable_bytes(std::span{&length, 1});
    std::ranges::copy(input.first(std::min(input.size(), into.size())), into.begin());
    frame::header_buffer room;
    const auto header = how.encode_header(length, room);
    hold(header.has_value() == (length <= how.max_frame_length()), "a length that fits is sent");
    if (!header) return;
    const frame::announced answer = fuzzed::announce(how, *header);
    hold(answer.is_frame() && answer.length() == length && answer.skip() == header->size(),
         "a length that is sent comes back");
    hold(fuzzed::announce(how, header->first(header->size() - 1)).is_incomplete(),
         "a length has no end before its last byte");
}

// One byte, two, what is usual, and the greatest there is.
frame::varint_options limit_of(std::size_t variant) {
    frame::varint_options made;
    if (variant == 1) made.max_frame_length = 16;
    if (variant == 2) made.max_frame_length = 300;
    if (variant == 3) made.max_frame_length = std::numeric_limits<std::size_t>::max() / 2;
    return made;
}

}  // namespace

void varint_codec(bytes_view input, std::size_t variant) {
    const frame::varint_codec how{limit_of(variant)};
    const frame_stream read = read_stream(how, {.most_payload = how.max_frame_length()}, input);
    send_again(how, read, input);
    send_any(how, input);
    announce_any(how, input.subspan(read.consumed));
}

}  // namespace weir::fuzz
