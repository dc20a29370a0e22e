// The line before a chunk's data: its size, and extensions that nobody uses (RFC 9112 section 7.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

inline constexpr std::size_t longest_chunk_size = 16;  // digits

struct chunk_size {
    std::uint64_t size = 0;
    std::size_t extension_bytes = 0;
    violation why = violation::none;
    std::size_t at = 0;  // the offending byte
};

// line is whole, its LF included; or, where it is too long for that, its first
// longest_chunk_size + max_extension_bytes + 2 bytes.
chunk_size parse_chunk_size(std::string_view line, std::size_t max_extension_bytes) noexcept;

}  // namespace weir::inline v0::http
