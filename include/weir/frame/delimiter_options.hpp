// What a protocol looks like on the wire whose frames end with a mark: lines, for one.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace weir::inline v0::frame {

struct delimiter_options {
    // The longest frame that is delivered or encoded, in bytes, its delimiter not counted.
    std::size_t max_frame_length = std::size_t{64} * 1024;
    // What ends a frame: 1 to 64 bytes. Lifetime: the codec copies them.
    std::string_view delimiter = "\n";
    // A frame is delivered with its delimiter, and has to have one where it is sent.
    bool keep_delimiter = false;
};

// Safe as a temporary inside a co_await expression: GCC 12 may copy it bit by bit.
static_assert(std::is_trivially_copyable_v<delimiter_options>);

}  // namespace weir::inline v0::frame
