// What a protocol looks like on the wire whose frames begin with their length as a varint.
#pragma once

#include <cstddef>
#include <type_traits>

namespace weir::inline v0::frame {

struct varint_options {
    // The longest frame that is delivered or encoded, in bytes.
    std::size_t max_frame_length = std::size_t{8} * 1024 * 1024;
};

// Safe as a temporary inside a co_await expression: GCC 12 may copy it bit by bit.
static_assert(std::is_trivially_copyable_v<varint_options>);

}  // namespace weir::inline v0::frame
