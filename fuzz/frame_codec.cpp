// A stream of frames under several layouts: the same frames wherever it is cut, none larger than
// its limit, and each the same when it is written and read again.
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "weir/frame/codec.hpp"

#include "fuzz/cut.hpp"
#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"

namespace weir::fuzz {
namespace {

using bytes = std::vector<std::byte>;

struct stream {
    std::vector<bytes> frames;
    std::optional<errc> refused;
    frame::ending end = frame::ending::clean;

    bool operator==(const stream&) const = default;
};

class frame_reader {
public:
    explicit frame_reader(const frame::codec& how) : codec_{how} {}

    // Every piece joins what is left of those before it, in a place of just that size.
    void arrive(bytes_view piece) {
        if (read_.refused) return;
        bytes joined{left_};
        joined.insert(joined.end(), piece.begin(), piece.end());
        bytes_view input{joined};
        for (;;) {
            const frame::decoded answer = codec_.decode(input);
            if (answer.is_refused()) read_.refused = answer.reason();
            if (!answer.is_frame()) break;
            take(answer, input);
            input = input.subspan(answer.consumed());
        }
        left_.assign(input.begin(), input.end());
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
        read_.frames.emplace_back(payload.begin(), payload.end());
    }

    frame::codec codec_;
    bytes left_;
    stream read_;
};

void write_again(const frame::codec& how, const bytes& payload) {
    frame::header_buffer room;
    const auto header = how.encode_header(payload.size(), room);
    if (!header) return;
    bytes message{header->begin(), header->end()};
    message.insert(message.end(), payload.begin(), payload.end());
    const frame::decoded answer = how.decode(message);
    hold(answer.is_frame(), "what was written is a frame");
    hold(answer.consumed() == message.size(), "what was written is read, and no more");
    const bytes_view end = answer.payload().last(payload.size());
    hold(bytes(end.begin(), end.end()) == payload, "a payload comes back");
}

void read_stream(const frame::codec_options& options, bytes_view input) {
    const frame::codec how{options};
    frame_reader whole{how};
    whole.arrive(input);
    const stream expected = whole.finish();
    frame_reader cut{how};
    std::size_t from = 0;
    for (const std::size_t to : cuts_of(input)) {
        cut.arrive(input.subspan(from, to - from));
        from = to;
    }
    cut.arrive(input.subspan(from));
    hold(cut.finish() == expected, "a stream means the same wherever it is cut");
    for (const bytes& payload : expected.frames) write_again(how, payload);
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

}  // namespace

void frame_codec(bytes_view input) {
    frame::codec_options layout;
    read_stream(layout, input);
    layout.max_frame_length = 16;
    read_stream(layout, input);
    layout.length_field_length = 2;
    layout.big_endian = false;
    read_stream(layout, input);
    layout.length_field_length = 8;
    layout.num_skip = 0;
    layout.length_adjustment = -8;
    read_stream(layout, input);
    if (input.size() < 8) return;
    try {
        read_stream(odd_layout(input), input.subspan(7));
    } catch (const std::invalid_argument&) {
        // The layout contradicts itself, and said so.
    }
}

}  // namespace weir::fuzz
