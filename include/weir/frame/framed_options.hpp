// How a connection carries frames; what they look like on the wire is in codec_options.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/base/clock.hpp"

namespace weir::inline v0::frame {

struct framed_options {
    framed_options() = default;
    // From the first byte of a frame that next() finds incomplete to its last; a byte does not
    // extend it.
    duration frame_timeout = std::chrono::seconds{60};
    // Bytes per second of a frame that is taken in pieces: each frame_timeout that is spent waiting
    // for them must bring as many, however long the frame takes. 0: any byte is enough.
    std::uint64_t min_piece_rate = 1024;
    // So many bytes may wait to be sent before send() waits as well.
    std::size_t high_water = std::size_t{64} * 1024;
};

}  // namespace weir::inline v0::frame
