// Frames as they look on the wire, four bytes of length first, for the peers of a framed.
#pragma once

#include <string>
#include <string_view>

namespace weir::inline v0::frame {

inline std::string prefix(std::size_t length) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(static_cast<unsigned char>(length >> shift));
    }
    return bytes;
}

inline std::string wire(std::string_view payload) {
    return prefix(payload.size()) + std::string{payload};
}

}  // namespace weir::inline v0::frame
