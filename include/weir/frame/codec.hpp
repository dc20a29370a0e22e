// Cuts a byte stream into length-prefixed frames, and writes the prefix of a frame to be sent.
//
// Nothing is allocated or copied. A codec is a value that any number of threads may use.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/frame/announced.hpp"
#include "weir/frame/codec_options.hpp"
#include "weir/frame/decoded.hpp"
#include "weir/frame/frame_codec.hpp"

namespace weir::inline v0::frame {

class WEIR_API codec {
public:
    using options = codec_options;

    // Errors: throws std::invalid_argument where the options contradict each other or admit no
    // frame at all.
    explicit constexpr codec(const codec_options& options = {});

    // What stands at the start of input. A length over the limit, or one that no frame can have, is
    // refused as soon as the length field is there.
    // Lifetime: the payload is a view into input.
    constexpr decoded decode(bytes_view input WEIR_LIFETIMEBOUND) const noexcept {
        return announce(input).in(input);
    }
    // The same, before the payload has come.
    constexpr announced announce(bytes_view input) const noexcept;

    // Writes the header of a frame whose payload the caller sends right behind it, so that decode
    // consumes exactly both. Header bytes other than the length field are zero, for the caller to
    // fill in.
    // Errors: too_large over max_encoded_length(); invalid_argument where a positive
    // length_adjustment leaves a payload this short no length to announce.
    // Lifetime: the answer is a view of into, header_length() long.
    result<bytes_view> encode_header(std::size_t payload_length,
                                     header_buffer& into WEIR_LIFETIMEBOUND) const noexcept;
    // The same for a payload that is there.
    result<envelope> encode(bytes_view payload,
                            header_buffer& into WEIR_LIFETIMEBOUND) const noexcept;

    // What the end of the stream means, where input is all that was left and decode says it is
    // incomplete.
    constexpr ending at_end(bytes_view input) const noexcept {
        return input.empty() ? ending::clean : ending::premature;
    }

    constexpr std::size_t header_length() const noexcept { return header_length_; }
    // The limits that hold: those asked for, or what the length field can express.
    constexpr std::size_t max_frame_length() const noexcept { return max_frame_length_; }
    constexpr std::size_t max_encoded_length() const noexcept { return max_encoded_length_; }

private:
    constexpr void check(const codec_options& options) const;
    constexpr void find_limits(const codec_options& options);
    // What the length field of the longest frame says.
    constexpr std::uint64_t most_field(const codec_options& options,
                                       std::uint64_t most_frame) const;
    errc write_header(std::size_t payload_length, header_buffer& into) const noexcept;
    constexpr std::uint64_t read_field(bytes_view input) const noexcept;
    std::uint64_t read_8_bytes(const std::byte* at) const noexcept;
    constexpr void write_field(std::byte* at, std::uint64_t value) const noexcept;
    // The part of the header that is delivered as the start of the frame.
    constexpr std::size_t delivered_header() const noexcept { return header_length_ - num_skip_; }

    // A length field is good where it lies in [least_field_, most_field_]; both bounds are worked
    // out once, so that decode adds only numbers whose sum is known to fit.
    std::uint64_t least_field_ = 0;
    std::uint64_t most_field_ = 0;
    std::uint64_t most_encoded_field_ = 0;
    std::uint64_t field_to_frame_;  // length_adjustment, modulo 2^64
    std::size_t least_message_ = 0;
    std::size_t num_skip_;
    std::size_t field_offset_;
    std::size_t field_end_;
    std::size_t header_length_;
    std::size_t max_frame_length_ = 0;
    std::size_t max_encoded_length_ = 0;
    unsigned field_length_;
    bool big_endian_;
};

constexpr codec::codec(const codec_options& options)
    : field_to_frame_{static_cast<std::uint64_t>(options.length_adjustment)},
      num_skip_{0},
      field_offset_{options.length_field_offset},
      field_end_{0},
      header_length_{0},
      field_length_{options.length_field_length},
      big_endian_{options.big_endian} {
    check(options);
    field_end_ = field_offset_ + field_length_;
    num_skip_ = options.num_skip.value_or(field_end_);
    header_length_ = std::max(field_end_, num_skip_);
    find_limits(options);
}

constexpr void codec::check(const codec_options& options) const {
    if (field_length_ < 1 || field_length_ > 8)
        throw std::invalid_argument{"frame codec: length_field_length must be 1 to 8"};
    if (field_offset_ > max_header_length - field_length_)
        throw std::invalid_argument{"frame codec: the length field must end within 64 bytes"};
    if (options.num_skip.value_or(0) > max_header_length)
        throw std::invalid_argument{"frame codec: num_skip must be at most 64"};
    // Half of what can be counted leaves room to add a header and an adjustment.
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max() / 2;
    if (options.max_frame_length > most)
        throw std::invalid_argument{"frame codec: max_frame_length is out of range"};
    if (options.max_encoded_length.value_or(0) > most)
        throw std::invalid_argument{"frame codec: max_encoded_length is out of range"};
}

// A frame is field + adjustment bytes long. It holds at least the header bytes that are not
// skipped, or it would end inside its own header, and at most max_frame_length.
constexpr void codec::find_limits(const codec_options& options) {
    const std::uint64_t least_frame = delivered_header();
    const std::uint64_t adjustment = field_to_frame_;
    least_field_ = options.length_adjustment < 0 ? least_frame - adjustment
                                                 : least_frame - std::min(least_frame, adjustment);
    const std::size_t most_frame = options.max_frame_length;
    const std::size_t most_encoded = options.max_encoded_length.value_or(most_frame);
    most_field_ = most_field(options, most_frame);
    most_encoded_field_ = most_field(options, most_encoded);
    max_frame_length_ = static_cast<std::size_t>(most_field_ + adjustment);
    max_encoded_length_ = static_cast<std::size_t>(most_encoded_field_ + adjustment);
    least_message_ = static_cast<std::size_t>(least_field_ + adjustment) + num_skip_;
}

constexpr std::uint64_t codec::most_field(const codec_options& options,
                                          std::uint64_t most_frame) const {
    const bool more = options.length_adjustment > 0;
    const std::uint64_t widest = ~std::uint64_t{0} >> (64 - 8 * field_length_);
    const bool fits = !more || field_to_frame_ <= most_frame;
    const std::uint64_t most = fits ? std::min(most_frame - field_to_frame_, widest) : 0;
    if (!fits || most < least_field_)
        throw std::invalid_argument{"frame codec: no frame fits length_adjustment and the limit"};
    return most;
}

constexpr announced codec::announce(bytes_view input) const noexcept {
    if (input.size() < field_end_) return announced::incomplete(least_message_ - input.size());
    const std::uint64_t field = read_field(input);
    if (field > most_field_) [[unlikely]]
        return announced::refused(errc::too_large);
    if (field < least_field_) [[unlikely]]
        return announced::refused(errc::malformed);
    return announced::frame(num_skip_, static_cast<std::size_t>(field + field_to_frame_));
}

inline result<bytes_view> codec::encode_header(
    std::size_t payload_length, header_buffer& into WEIR_LIFETIMEBOUND) const noexcept {
    if (const errc why = write_header(payload_length, into); why != errc{}) return fail(why);
    return bytes_view{std::span{into}.first(header_length_)};
}

inline result<envelope> codec::encode(bytes_view payload,
                                      header_buffer& into WEIR_LIFETIMEBOUND) const noexcept {
    if (const errc why = write_header(payload.size(), into); why != errc{}) return fail(why);
    return envelope{std::span{into}.first(header_length_)};
}

inline errc codec::write_header(std::size_t payload_length, header_buffer& into) const noexcept {
    if (payload_length > max_encoded_length_ - delivered_header()) return errc::too_large;
    const std::uint64_t field = delivered_header() + payload_length - field_to_frame_;
    // A field that wrapped around below zero is over the limit again.
    if (field > most_encoded_field_) return errc::invalid_argument;
    std::ranges::fill(std::span{into}.first(header_length_), std::byte{0});
    write_field(into.data() + field_offset_, field);
    return {};
}

constexpr std::uint64_t codec::read_field(bytes_view input) const noexcept {
    const std::byte* const at = input.data() + field_offset_;
    if !consteval {
        if (input.size() >= field_offset_ + 8) return read_8_bytes(at);
    }
    std::uint64_t value = 0;
    for (unsigned i = 0; i < field_length_; ++i) {
        const unsigned from = big_endian_ ? i : field_length_ - 1 - i;
        value = value << 8 | std::to_integer<std::uint64_t>(at[from]);
    }
    return value;
}

// At once, less those that belong to the payload.
inline std::uint64_t codec::read_8_bytes(const std::byte* at) const noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    if (big_endian_ != (std::endian::native == std::endian::big)) value = std::byteswap(value);
    const unsigned others = 64 - 8 * field_length_;
    return big_endian_ ? value >> others : value << others >> others;
}

constexpr void codec::write_field(std::byte* at, std::uint64_t value) const noexcept {
    for (unsigned i = 0; i < field_length_; ++i, value >>= 8) {
        const unsigned to = big_endian_ ? field_length_ - 1 - i : i;
        at[to] = static_cast<std::byte>(value & 0xFF);
    }
}

static_assert(announcing_codec<codec>);

}  // namespace weir::inline v0::frame
