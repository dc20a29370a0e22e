// Bytes written down as text or as numbers, for tests of what goes over a wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/bytes.hpp"

namespace weir::inline v0::frame {

using byte_vector = std::vector<std::byte>;

inline byte_vector bytes_of(std::initializer_list<unsigned> header, std::string_view text = {}) {
    byte_vector bytes;
    for (const unsigned value : header) bytes.push_back(static_cast<std::byte>(value));
    const bytes_view rest = as_bytes(text);
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

inline byte_vector operator+(byte_vector left, const byte_vector& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

inline std::string text_of(bytes_view bytes) { return std::string{as_text(bytes)}; }

}  // namespace weir::inline v0::frame
