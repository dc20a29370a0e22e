// A stream of frames under several layouts: the same frames wherever it is cut, none larger than
// its limit, and each the same when it is written and read again.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "weir/frame/codec.hpp"

#include "fuzz/cut.hpp"
#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"
#include "support/moving_bytes.hpp"

namespace weir::fuzz {
namespace {

using bytes = std::vector<std::byte>;

struct stream {
    std::vector<std::size_t> sizes;  // of its frames
    bytes payloads;                  // one behind the other
    std::optional<errc> refused;
    frame::ending end = frame::ending::clean;

    bool operator==(const stream&) const = default;
};

class frame_reader {
public:
    // most: of bytes that are there at once.
    frame_reader(const frame::codec& how, std::size_t most) : codec_{how}, places_{most} {}

    void arrive(bytes_view piece) {
        if (read_.refused) return;
        left_ = places_.join(left_, piece);
        for (;;) {
            const frame::decoded answer = codec_.decode(left_);
            if (answer.is_refused()) read_.refused = answer.reason();
            if (!answer.is_frame()) break;
            take(answer, left_);
            left_ = left_.subspan(answer.consumed());
        }
    }

    stream finish() {
        if (!read_.refused) read_.end = codec_.at_end(left_);
        return std::move(read_);
    }

private:
    void take(const frame::decoded& answer, bytes_view input) {
        const bytes_view payload = answer.payload();
        hold(answer.consumed() > 0 && answer.consumed() <= input.size(),
             "consumed is of the input");
        hold(payload.size() <= codec_.max_frame_length(), "no frame is over the limit");
        hold(payload.empty() || (payload.data() >= input.data() &&
                                 payload.data() + payload.size() <= input.data() + input.size()),
             "a payload is a view into the input");
        read_.sizes.push_back(payload.size());
        read_.payloads.insert(read_.payloads.end(), payload.begin(), payload.end());
    }

    frame::codec codec_;
    moving_bytes places_;
    bytes_view left_;
    stream read_;
};

void write_again(const frame::codec& how, bytes_view payload) {
    frame::header_buffer room;
    const auto header = how.encode_header(payload.size(), room);
    if (!header) return;
    bytes message;
    message.reserve(header->size() + payload.size());
    message.insert(message.end(), header->begin(), header->end());
    message.insert(message.end(), payload.begin(), payload.end());
    const frame::decoded answer = how.decode(message);
    hold(answer.is_frame(), "what was written is a frame");
    hold(answer.consumed() == message.size(), "what was written is read, and no more");
    const bytes_view end = answer.payload().last(payload.size());
    hold(std::ranges::equal(end, payload), "a payload comes back");
}

void read_stream(const frame::codec_options& options, bytes_view input) {
    const frame::codec how{options};
    frame_reader whole{how, input.size()};
    whole.arrive(input);
    const stream expected = whole.finish();
    frame_reader cut{how, input.size()};
    std::size_t from = 0;
    for (const std::size_t to : cuts_of(input)) {
        cut.arrive(input.subspan(from, to - from));
        from = to;
    }
    cut.arrive(input.subspan(from));
    hold(cut.finish() == expected, "a stream means the same wherever it is cut");
    bytes_view rest{expected.payloads};
    for (const std::size_t size : expected.sizes) {
        write_again(how, rest.first(size));
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
        read_stream(layout_of(input, variant), odd ? input.subspan(layout_bytes - 1) : input);
    } catch (const std::invalid_argument&) {
        hold(odd, "a layout that contradicts itself is an odd one");
    }
}

}  // namespace weir::fuzz
