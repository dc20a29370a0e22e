// Numbers as hexadecimal digits, in lower case, with all their zeros.
#pragma once

#include <cstdint>

namespace weir::inline v0::http {

inline constexpr int hex_digits = 16;

// Writes hex_digits characters.
constexpr void put_hex(char* to, std::uint64_t number) noexcept {
    for (int at = hex_digits - 1; at >= 0; --at) {
        to[at] = "0123456789abcdef"[number & 0xFU];
        number >>= 4U;
    }
}

}  // namespace weir::inline v0::http
