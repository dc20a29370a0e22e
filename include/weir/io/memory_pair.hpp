// Two transports that are each other's peer, on one loop and in memory.
//
// What frames and HTTP are tested over, without an engine or a loop: a scheduler is enough. What
// does not finish at once is completed through the scheduler's queue. A receive that finds no slab
// free asks again each millisecond.
#pragma once

#include <memory>
#include <utility>

#include "weir/io/memory_end.hpp"
#include "weir/io/slab.hpp"
#include "weir/io/transport.hpp"
#include "weir/task/scheduler.hpp"

namespace weir::inline v0::io {

struct memory_pair_options {
    memory_pair_options() = default;
    // What one end may send before the other reads: at least 1.
    std::size_t window = std::size_t{64} * 1024;
};

using memory_pair = std::pair<std::unique_ptr<transport>, std::unique_ptr<transport>>;

// Lifetime: the scheduler and the slabs outlive both ends; an end may outlive the other. Throws
// std::bad_alloc.
memory_pair make_memory_pair(scheduler& scheduler, slab_pool& slabs,
                             const memory_pair_options& options = {});

}  // namespace weir::inline v0::io
