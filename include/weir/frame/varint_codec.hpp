// Cuts a byte stream into frames whose length stands before them as a varint: unsigned LEB128,
// seven bits a byte, the least first, as protocol buffers delimit messages in a stream.
//
// A length has one spelling: one that is longer than it need be is malformed, so that no two
// readers of a stream can differ about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/frame/announced.hpp"
#include "weir/frame/decoded.hpp"
#include "weir/frame/frame_codec.hpp"
#include "weir/frame/varint_options.hpp"

namespace weir::inline v0::frame {

class WEIR_API varint_codec {
public:
    using options = varint_options;

    // Errors: throws std::invalid_argument where the limit is out of range.
    explicit constexpr varint_codec(const varint_options& options = {});

    // What stands at the start of input. A length over the limit is too_large with the byte that
    // exceeds it; malformed is one of more than 64 bits, or with a zero byte at its end.
    // Lifetime: the payload is a view into input.
    constexpr decoded decode(bytes_view input WEIR_LIFETIMEBOUND) const noexcept {
        return announce(input).in(input);
    }
    // The same, before the payload has come.
    constexpr announced announce(bytes_view input) const noexcept;

    // The header of a frame with this payload. Errors: too_large over max_frame_length().
    // Lifetime: the answer is a view of into.
    result<envelope> encode(bytes_view payload,
                            header_buffer& into WEIR_LIFETIMEBOUND) const noexcept;
    // The same, where only its length is known.
    result<bytes_view> encode_header(std::size_t payload_length,
                                     header_buffer& into WEIR_LIFETIMEBOUND) const noexcept;

    constexpr ending at_end(bytes_view input) const noexcept {
        return input.empty() ? ending::clean : ending::premature;
    }

    constexpr std::size_t max_frame_length() const noexcept { return max_frame_length_; }

private:
    // The tenth byte has one of the 64 bits.
    static constexpr unsigned last_byte = 9;

    std::size_t max_frame_length_;
};

constexpr varint_codec::varint_codec(const varint_options& options)
    : max_frame_length_{options.max_frame_length} {
    // Half of what can be counted leaves room to add a header.
    if (max_frame_length_ > std::numeric_limits<std::size_t>::max() / 2)
        throw std::invalid_argument{"varint codec: max_frame_length is out of range"};
}

constexpr announced varint_codec::announce(bytes_view input) const noexcept {
    std::uint64_t length = 0;
    for (unsigned i = 0; i < input.size(); ++i) {
        const auto byte = std::to_integer<std::uint64_t>(input[i]);
        if (i == last_byte && byte > 1) return announced::refused(errc::malformed);
        length |= (byte & 0x7F) << 7 * i;
        if (length > max_frame_length_) [[unlikely]]
            return announced::refused(errc::too_large);
        if (byte >= 0x80) continue;
        if (byte == 0 && i > 0) [[unlikely]]
            return announced::refused(errc::malformed);
        return announced::frame(i + 1, static_cast<std::size_t>(length));
    }
    return announced::incomplete(1);
}

inline result<envelope> varint_codec::encode(
    bytes_view payload, header_buffer& into WEIR_LIFETIMEBOUND) const noexcept {
    const auto header = encode_header(payload.size(), into);
    if (!header) return fail(header.error().code());
    return envelope{*header};
}

inline result<bytes_view> varint_codec::encode_header(
    std::size_t payload_length, header_buffer& into WEIR_LIFETIMEBOUND) const noexcept {
    if (payload_length > max_frame_length_) return fail(errc::too_large);
    std::size_t size = 0;
    for (std::uint64_t rest = payload_length; size == 0 || rest > 0; rest >>= 7) {
        const std::uint64_t more = rest >= 0x80 ? 0x80 : 0;
        into[size++] = static_cast<std::byte>((rest & 0x7F) | more);
    }
    return bytes_view{std::span{into}.first(size)};
}

static_assert(announcing_codec<varint_codec>);

}  // namespace weir::inline v0::frame
