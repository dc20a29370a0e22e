// How much of a request is read before it is refused.
#pragma once

#include <cstdint>

namespace weir::inline v0::http {

struct limits {
    constexpr limits() noexcept = default;

    // What a head can hold. A server or a client refuses max_fields above it; to a machine without
    // I/O it counts as this.
    static constexpr std::uint32_t field_capacity = 100;

    std::uint32_t max_target_bytes = 8'000;
    std::uint32_t max_fields = field_capacity;
    std::uint32_t max_field_bytes = 32 * 1024;           // whole lines, their line ends included
    std::uint64_t max_body_bytes = 1024 * 1024;          // without the chunks' framing
    std::uint32_t max_chunk_extension_bytes = 4 * 1024;  // of all chunks of a message
    std::uint32_t max_trailer_bytes = 8 * 1024;          // whole lines, their line ends included
};

}  // namespace weir::inline v0::http
