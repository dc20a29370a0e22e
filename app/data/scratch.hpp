// Memory for what one call decodes: parameters without their escapes, blobs without their base64.
//
// The first bytes come from a block of the loop, so that a usual call allocates nothing. It belongs
// to its loop's thread and lives in the call.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "weir/io/block.hpp"

namespace weir::app {

class scratch {
public:
    // Lifetime: the pool outlives it.
    explicit scratch(io::block_pool& blocks) noexcept : blocks_{&blocks} {}
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;

    // Room for so many bytes, good for as long as this lives. Throws std::bad_alloc.
    std::span<char> take(std::size_t bytes);
    // Throws std::bad_alloc.
    std::string_view copy(std::string_view text);

private:
    io::block_pool* blocks_;
    io::block block_;
    std::size_t used_ = 0;
    std::vector<std::unique_ptr<char[]>> large_;
};

}  // namespace weir::app
