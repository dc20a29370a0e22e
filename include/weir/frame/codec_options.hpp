// What a length-prefixed protocol looks like on the wire.
//
// The names are the ones that tokio-util's LengthDelimitedCodec has made known:
//
//     | ... length_field_offset ... | length field | ... | payload ...
//     |<-------------- num_skip bytes are dropped ----->|<- frame -->|
//
// A frame is `length field + length_adjustment` bytes long and starts num_skip bytes into the
// message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace weir::inline v0::frame {

struct codec_options {
    // The longest frame that is delivered or encoded, in bytes, after the adjustment: it bounds
    // memory, and what one side may encode the other may decode. A length field too narrow for it
    // lowers it.
    std::size_t max_frame_length = std::size_t{8} * 1024 * 1024;
    // How many bytes the length field has: 1 to 8.
    unsigned length_field_length = 4;
    // How many bytes of header stand before the length field.
    std::size_t length_field_offset = 0;
    // Added to what the length field says. Negative where the field also counts header bytes,
    // positive where bytes follow that it does not count.
    std::int64_t length_adjustment = 0;
    // How many bytes at the start are not part of the frame; unset: everything up to the end of the
    // length field.
    std::optional<std::size_t> num_skip = std::nullopt;
    // Network byte order, or the little-endian one.
    bool big_endian = true;
    // The longest that is encoded, where the protocol has another limit for each direction; unset:
    // max_frame_length.
    std::optional<std::size_t> max_encoded_length = std::nullopt;
};

// Safe as a temporary inside a co_await expression: GCC 12 may copy it bit by bit.
static_assert(std::is_trivially_copyable_v<codec_options>);

}  // namespace weir::inline v0::frame
