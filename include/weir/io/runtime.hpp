// The loops of a program, a thread each, and the threads for work that blocks.
//
// There may be several in one process; nothing is global. The first loop belongs to the thread that
// calls run().
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/io/blocking.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/make_engine.hpp"

namespace weir::inline v0::io {

struct runtime_options {
    runtime_options() = default;
    // 0: as many as this process may use CPUs, by affinity and cgroup quota.
    unsigned loops = 0;
    engine_kind engine = engine_kind::automatic;
    // Each loop's memory budget for reading, in slabs of 16 KiB.
    std::size_t slabs = 2048;
    // Each loop's memory budget for messages that do not fit into a slab, in bytes. One that is
    // being moved to a larger place counts with both, so it should be three times the largest
    // message or more. 0: as much again as the slabs have, 32 MiB.
    std::size_t assembly_bytes = 0;
    blocking_options blocking;
    // Another engine than those of the kernel: the simulator's.
    std::function<std::unique_ptr<io::engine>(slab_pool&)> make_engine;
};

class WEIR_API runtime {
public:
    // Throws std::system_error where the kernel refuses what an engine needs.
    explicit runtime(const runtime_options& options = {});
    runtime(const runtime&) = delete;
    runtime& operator=(const runtime&) = delete;
    ~runtime();

    std::size_t size() const noexcept { return loops_.size(); }
    loop& at(std::size_t index) noexcept { return *loops_[index]; }
    blocking_pool& blocking() noexcept { return blocking_; }
    // Where engine_kind::automatic chose epoll, for all loops: why not uring. Else null.
    const error* without_uring() const noexcept {
        return uring_.has_value() ? nullptr : &uring_.error();
    }

    // Runs main on the first loop, on this thread, and turns the others on threads of their own
    // until main has ended. Rethrows what main throws.
    void run(task<> main);

private:
    void make_loops(const runtime_options& options, engine_kind engine);
    void end_others() noexcept;

    std::vector<std::unique_ptr<loop>> loops_;
    blocking_pool blocking_;
    std::atomic<bool> ending_ = false;
    result<> uring_;
};

// How many CPUs this process may use: the smaller of its affinity and its cgroup's quota, at
// least 1.
WEIR_API unsigned usable_cpus() noexcept;

}  // namespace weir::inline v0::io
