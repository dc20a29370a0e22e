// A stream of frames under several layouts: the same frames wherever it is cut, none larger than
// its limit, and each the same when it is sent again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "weir/frame/codec.hpp"

#include "fuzz/frame_stream.hpp"
#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"

namespace weir::fuzz {
namespace {

// What came with its header is too large, it may be, to be sent with another one.
void send_again(const frame::codec& how, bytes_view payload, bool with_header) {
    std::vector<std::byte> sent;
    const bool can_be_sent = send(how, payload, sent);
    hold(can_be_sent || with_header, "a frame that came may be sent");
    if (!can_be_sent) return;
    const frame::decoded answer = how.decode(sent);
    hold(answer.is_frame(), "what is sent is a frame");
    hold(answer.consumed() == sent.size(), "what is sent is read, and no more");
    const bytes_view end = answer.payload().last(payload.size());
    hold(std::ranges::equal(end, payload), "a payload comes back");
}

void read_frames(const frame::codec_options& options, bytes_view input) {
    const bool with_header = options.num_skip.has_value();
    const frame::codec how{options};
    const frame_stream read = read_stream(how, {.most_payload = how.max_frame_length()}, input);
    bytes_view rest{read.payloads};
    for (const std::size_t size : read.sizes) {
        send_again(how, rest.first(size), with_header);
        rest = rest.subspan(size);
    }
}

// A layout that nobody thought of, out of the first eight bytes.
frame::codec_options odd_layout(bytes_view input) {
    const auto number = [&](std::size_t at) { return std::to_integer<unsigned>(input[at]); };
    frame::codec_options made;
    made.length_field_length = number(0) % 10;
    made.length_field_offset = number(1) % 70;
    made.length_adjustment = static_cast<std::int8_t>(number(2));
    if (number(3) % 4 != 0) made.num_skip = number(3) % 70;
    made.big_endian = number(4) % 2 == 0;
    made.max_frame_length = number(5) << (number(6) % 16);
    return made;
}

frame::codec_options layout_of(bytes_view input, std::size_t variant) {
    frame::codec_options made;
    if (variant == 4) return odd_layout(input);
    if (variant > 0) made.max_frame_length = 16;
    if (variant > 1) made.length_field_length = 2;
    if (variant > 1) made.big_endian = false;
    if (variant > 2) {
        made.length_field_length = 8;
        made.num_skip = 0;
        made.length_adjustment = -8;
    }
    return made;
}

}  // namespace

void frame_codec(bytes_view input, std::size_t variant) {
    constexpr std::size_t layout_bytes = 8;
    const bool odd = variant == 4;
    if (odd && input.size() < layout_bytes) return;
    try {
        read_frames(layout_of(input, variant), odd ? input.subspan(layout_bytes - 1) : input);
    } catch (const std::invalid_argument&) {
        hold(odd, "a layout that contradicts itself is an odd one");
    }
}

}  // namespace weir::fuzz
