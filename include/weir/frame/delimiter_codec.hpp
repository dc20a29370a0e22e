// Cuts a byte stream into frames that end with a delimiter, such as lines.
//
// As every codec it keeps nothing: the caller may say how much of the input was seen before, and
// then each byte is looked at once, in however many pieces it came.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/frame/decoded.hpp"
#include "weir/frame/delimiter_options.hpp"
#include "weir/frame/frame_codec.hpp"

namespace weir::inline v0::frame {

class WEIR_API delimiter_codec {
public:
    using options = delimiter_options;

    // Errors: throws std::invalid_argument where there is no delimiter or one that is too long, or
    // where the limit is out of range.
    explicit constexpr delimiter_codec(const delimiter_options& options = {});

    // What stands at the start of input, of which the first seen bytes were found incomplete
    // before. A frame over the limit is too_large as soon as no delimiter can end it in time.
    // Lifetime: the payload is a view into input.
    decoded decode(bytes_view input WEIR_LIFETIMEBOUND, std::size_t seen = 0) const noexcept;

    // How many of the first bytes of an incomplete input are the frame's: all but a delimiter's
    // beginning at its end.
    std::size_t settled(bytes_view input) const noexcept;
    // What decodes the rest of a frame of which so many bytes, at most max_frame_length(), have
    // been taken.
    constexpr delimiter_codec behind(std::size_t taken) const noexcept {
        delimiter_codec rest{*this};
        rest.max_frame_length_ -= taken;
        return rest;
    }

    // The delimiter as trailer; nothing where it is kept, since the payload has one then.
    // Errors: too_large over max_frame_length(); invalid_argument for a payload with a delimiter
    // where none may be, which would make two frames of it.
    // Lifetime: the answer is a view into the codec.
    result<envelope> encode(bytes_view payload,
                            header_buffer& into) const noexcept WEIR_LIFETIMEBOUND;

    // A frame without its delimiter is not whole, and not delivered.
    constexpr ending at_end(bytes_view input) const noexcept {
        return input.empty() ? ending::clean : ending::premature;
    }

    constexpr std::size_t max_frame_length() const noexcept { return max_frame_length_; }

private:
    constexpr std::string_view delimiter() const noexcept { return {text_.data(), length_}; }
    bool begins_in(std::string_view payload) const noexcept;

    std::array<char, max_header_length> text_{};
    std::size_t length_;
    std::size_t max_frame_length_;
    bool keep_;
};

constexpr delimiter_codec::delimiter_codec(const delimiter_options& options)
    : length_{options.delimiter.size()},
      max_frame_length_{options.max_frame_length},
      keep_{options.keep_delimiter} {
    if (length_ < 1 || length_ > max_header_length)
        throw std::invalid_argument{"delimiter codec: a delimiter has 1 to 64 bytes"};
    // Half of what can be counted leaves room to add the delimiter.
    if (max_frame_length_ > std::numeric_limits<std::size_t>::max() / 2)
        throw std::invalid_argument{"delimiter codec: max_frame_length is out of range"};
    std::ranges::copy(options.delimiter, text_.begin());
}

inline decoded delimiter_codec::decode(bytes_view input WEIR_LIFETIMEBOUND,
                                       std::size_t seen) const noexcept {
    // A delimiter that ends here belongs to a frame within the limit.
    const std::size_t limit = max_frame_length_ + length_;
    const std::string_view text = as_text(input).substr(0, limit);
    // The delimiter may have begun in what was seen.
    const std::size_t from = seen - std::min(seen, length_ - 1);
    const std::size_t at = text.find(delimiter(), from);
    if (at != std::string_view::npos)
        return decoded::frame(input.first(keep_ ? at + length_ : at), at + length_);
    if (text.size() == limit) return decoded::refused(errc::too_large);
    return decoded::incomplete(length_ - std::min(text.size(), length_ - 1));
}

inline std::size_t delimiter_codec::settled(bytes_view input) const noexcept {
    const std::string_view text = as_text(input);
    std::size_t begun = std::min(text.size(), length_ - 1);
    while (!text.ends_with(delimiter().substr(0, begun))) --begun;
    return text.size() - begun;
}

inline result<envelope> delimiter_codec::encode(
    bytes_view payload, header_buffer& /*into*/) const noexcept WEIR_LIFETIMEBOUND {
    const std::string_view text = as_text(payload);
    if (keep_) {
        if (!text.ends_with(delimiter())) return fail(errc::invalid_argument);
        if (text.size() - length_ > max_frame_length_) return fail(errc::too_large);
        if (text.find(delimiter()) != text.size() - length_) return fail(errc::invalid_argument);
        return envelope{{}};
    }
    if (text.size() > max_frame_length_) return fail(errc::too_large);
    if (begins_in(text)) return fail(errc::invalid_argument);
    return envelope{{}, as_bytes(delimiter())};
}

// With "\n\n" behind it, a payload that ends with "\n" would end a byte early.
inline bool delimiter_codec::begins_in(std::string_view payload) const noexcept {
    const std::string_view mark = delimiter();
    if (payload.find(mark) != std::string_view::npos) return true;
    for (std::size_t begun = 1; begun < length_; ++begun) {
        if (payload.ends_with(mark.substr(0, begun)) && mark.starts_with(mark.substr(begun)))
            return true;
    }
    return false;
}

static_assert(settling_codec<delimiter_codec>);

}  // namespace weir::inline v0::frame
