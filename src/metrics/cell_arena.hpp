// Memory for the cells that one shard writes: handed out densely, never moved, never given back
// before the registry goes. Chunks start on a cache line and end with one, so two shards never
// share a line. Used under the registry's lock.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <vector>

#include "weir/metrics/series.hpp"

namespace weir::inline v0::metrics {

class cell_arena {
public:
    // count cells in a row, all zero. Errors: throws std::length_error over the size of a chunk.
    detail::cell* take(std::size_t count) {
        if (count > chunk_cells) throw std::length_error{"metrics: too many cells in a series"};
        if (chunks_.empty() || chunk_cells - used_ < count) {
            chunks_.push_back(std::make_unique<chunk>());
            used_ = 0;
        }
        detail::cell* taken = chunks_.back()->cells.data() + used_;
        used_ += count;
        return taken;
    }

private:
    static constexpr std::size_t chunk_cells = 512;
    static constexpr std::size_t cache_line = 64;

    struct alignas(cache_line) chunk {
        std::array<detail::cell, chunk_cells> cells{};
    };

    std::vector<std::unique_ptr<chunk>> chunks_;
    std::size_t used_ = 0;
};

}  // namespace weir::inline v0::metrics
