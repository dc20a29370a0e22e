// A stream of frames that end with a delimiter, of one byte or of several that begin anew within
// themselves: the same frames wherever it is cut, the same bytes when they are sent again, and no
// payload sent that would come as another.
#include "weir/frame/delimiter_codec.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "fuzz/frame_stream.hpp"
#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"

namespace weir::fuzz {
namespace {

// Sends it where a frame with it would be found again, and nowhere else.
void send_any(const frame::delimiter_options& options, const frame::delimiter_codec& how,
              bytes_view payload) {
    std::vector<std::byte> framed;
    framed.reserve(payload.size() + frame::max_header_length);
    framed.assign(payload.begin(), payload.end());
    if (!options.keep_delimiter) {
        const bytes_view end = as_bytes(options.delimiter);
        framed.insert(framed.end(), end.begin(), end.end());
    }
    std::vector<std::byte> sent;
    const bool may_be_sent = send(how, payload, sent);
    hold(may_be_sent == comes_as(how, framed, payload), "what is sent is what comes back");
    hold(!may_be_sent || sent == framed, "a delimiter is all that is added");
}

// Takes the frames in pieces, as a driver does that holds no more than came.
class piece_reader {
public:
    piece_reader(const frame::delimiter_codec& how, std::size_t most)
        : codec_{how}, places_{most} {}

    void arrive(bytes_view piece) {
        if (read_.refused) return;
        left_ = places_.join(left_, piece);
        for (;;) {
            const frame::decoded rest = fuzzed::decode(codec_.behind(taken_), left_, seen_);
            if (rest.is_refused()) read_.refused = rest.reason();
            if (rest.is_frame()) {
                take(rest.payload(), rest.consumed());
                end_frame();
            } else if (rest.is_refused() || !take_settled()) {
                break;
            }
        }
    }

    frame_stream finish() {
        if (!read_.refused) {
            const bool between = taken_ == 0 && codec_.at_end(left_) == frame::ending::clean;
            read_.end = between ? frame::ending::clean : frame::ending::premature;
        }
        return std::move(read_);
    }

private:
    bool take_settled() {
        const std::size_t settled = codec_.settled(left_);
        hold(settled <= left_.size(), "what is settled is of the input");
        hold(left_.size() - settled < frame::max_header_length, "no more is held than a delimiter");
        const std::size_t part = std::min(settled, codec_.max_frame_length() - taken_);
        seen_ = left_.size() - part;
        take(left_.first(part), part);
        return part > 0;
    }
    void take(bytes_view payload, std::size_t consumed) {
        frame_.insert(frame_.end(), payload.begin(), payload.end());
        taken_ += payload.size();
        consumed_ += consumed;
        left_ = left_.subspan(consumed);
    }
    void end_frame() {
        read_.sizes.push_back(frame_.size());
        read_.payloads.insert(read_.payloads.end(), frame_.begin(), frame_.end());
        read_.consumed = consumed_;
        frame_.clear();
        taken_ = seen_ = 0;
    }

    frame::delimiter_codec codec_;
    moving_bytes places_;
    bytes_view left_;
    std::vector<std::byte> frame_;
    std::size_t taken_ = 0;
    std::size_t seen_ = 0;
    std::size_t consumed_ = 0;
    frame_stream read_;
};

void read_lines(const frame::delimiter_options& options, bytes_view input) {
    const frame::delimiter_codec how{options};
    frame_bounds bounds{.most_payload = options.max_frame_length,
                        .look_back = options.delimiter.size() - 1};
    if (options.keep_delimiter) bounds.most_payload += options.delimiter.size();
    const frame_stream read = read_stream(how, bounds, input);
    hold(read_cut(piece_reader{how, input.size()}, input) == read,
         "frames that are taken in pieces are the same");
    send_again(how, read, input);
    send_any(options, how, input);
    send_any(options, how, input.subspan(read.consumed));
}

frame::delimiter_options layout_of(std::size_t variant) {
    frame::delimiter_options made;
    if (variant == 0) return made;
    made.max_frame_length = 16;
    made.delimiter = variant == 1 ? "\r\n" : "aabaa";
    made.keep_delimiter = variant == 2;
    return made;
}

// A limit, whether delimiters are kept, and one of up to 69 bytes stand before the stream.
void read_lines_of_any_kind(bytes_view input) {
    constexpr std::size_t numbers = 3;
    if (input.size() < numbers) return;
    const auto number = [&](std::size_t at) { return std::to_integer<std::size_t>(input[at]); };
    const std::size_t length = number(2) % 70;
    if (input.size() < numbers + length) return;
    frame::delimiter_options made;
    made.max_frame_length = number(0);
    made.keep_delimiter = number(1) % 2 != 0;
    made.delimiter = as_text(input.subspan(numbers, length));
    try {
        read_lines(made, input.subspan(numbers + length));
    } catch (const std::invalid_argument&) {
        hold(length < 1 || length > frame::max_header_length, "1 to 64 bytes are a delimiter");
    }
}

}  // namespace

void delimiter_codec(bytes_view input, std::size_t variant) {
    constexpr std::size_t any_kind = 3;
    if (variant == any_kind) return read_lines_of_any_kind(input);
    read_lines(layout_of(variant), input);
}

}  // namespace weir::fuzz
