// What calls with large parameters take of memory, bounded on each loop: a permit is a byte.
//
// What fits into a block is bounded by the number of calls in flight.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>

#include "weir/flow/semaphore.hpp"
#include "weir/io/block.hpp"
#include "weir/io/loop.hpp"

namespace weir::app {

class large_calls {
public:
    // largest: of a call. One always finds room.
    large_calls(std::size_t loops, std::size_t largest) {
        for (std::size_t loop = 0; loop < loops; ++loop)
            rooms_.emplace_back(std::max(most_bytes, largest));
    }

    static bool is_large(std::size_t bytes) noexcept { return bytes > io::block_size; }
    flow::semaphore& at(const io::loop& loop) noexcept { return rooms_[loop.index()]; }

private:
    static constexpr std::size_t most_bytes = std::size_t{16} << 20;

    std::deque<flow::semaphore> rooms_;
};

}  // namespace weir::app
