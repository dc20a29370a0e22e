// What the handles of one time series share: where its cells are. Internal to this room; public
// only so that the hot paths of counter, gauge and histogram are inline.
//
// Every series has a block of cells for each loop, written by that loop alone, and one more, the
// shared block, for all other threads. A loop adds with a plain load and store; the shared block is
// added to atomically. Whoever reads takes the sum. Blocks of one loop lie side by side in memory
// that no other loop writes, so no cache line travels between cores.
//
// A series is made under the registry's lock, does not change or move afterwards, and lives as long
// as the registry.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace weir::inline v0::metrics {

class bucket_layout;

namespace detail {

using cell = std::atomic<std::uint64_t>;

// For the one thread that writes this cell: no lock prefix, and still no torn or racing read.
inline void add_alone(cell& at, std::uint64_t n) noexcept {
    at.store(at.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

inline void add_shared(cell& at, std::uint64_t n) noexcept {
    at.fetch_add(n, std::memory_order_relaxed);
}

struct series {
    std::vector<cell*> blocks;  // one for each loop, then the shared one
    const bucket_layout* layout = nullptr;

    cell* shared() const noexcept { return blocks.back(); }

    cell* of_loop(unsigned shard) const {
        if (shard + std::size_t{1} >= blocks.size())
            throw std::out_of_range{"metrics: there is no such shard"};
        return blocks[shard];
    }

    // Over all blocks. Wraps around as its cells do, which is how negative gauges add up.
    std::uint64_t sum(std::size_t index) const noexcept {
        std::uint64_t total = 0;
        for (const cell* block : blocks) total += block[index].load(std::memory_order_relaxed);
        return total;
    }
};

}  // namespace detail
}  // namespace weir::inline v0::metrics
