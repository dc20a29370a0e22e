// One thread's worth of everything: an engine, what runs next, timers, buffers, coroutine frames.
//
// A loop can be stepped from outside (turn) or run by a runtime. Everything belongs to the thread
// that turns it, except scheduler().post(), and who its guests are.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "weir/base/api.hpp"
#include "weir/base/mutex.hpp"
#include "weir/io/assembly.hpp"
#include "weir/io/block.hpp"
#include "weir/io/engine.hpp"
#include "weir/io/guest.hpp"
#include "weir/io/slab.hpp"
#include "weir/task/environment.hpp"
#include "weir/task/frame_pool.hpp"
#include "weir/task/scope.hpp"

namespace weir::inline v0::io {

struct loop_options {
    loop_options() = default;
    unsigned index = 0;
    // The memory budget for reading, in slabs of 16 KiB.
    std::size_t slabs = 2048;
    // The memory budget for messages that do not fit into a slab, in bytes. 0: as much again as the
    // slabs have.
    std::size_t assembly_bytes = 0;
};

class WEIR_API loop {
public:
    // make is given the loop's slabs, which the engine may use for as long as it lives.
    using engine_factory = std::move_only_function<std::unique_ptr<io::engine>(slab_pool&)>;
    loop(engine_factory make, const loop_options& options);
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;
    ~loop();

    unsigned index() const noexcept { return index_; }
    class scheduler& scheduler() noexcept { return scheduler_; }
    io::engine& engine() noexcept { return *engine_; }
    slab_pool& slabs() noexcept { return slabs_; }
    assembly_budget& assemblies() noexcept { return assemblies_; }
    block_pool& blocks() noexcept { return blocks_; }
    frame_pool& frames() noexcept { return frames_; }
    // The same for a whole turn: when the loop learned of what it deals with now.
    time_point now() const noexcept { return scheduler_.now(); }
    // Read anew, to measure what happens within a turn.
    time_point read_clock() noexcept { return engine_->now() - shift_; }
    const environment& env() const noexcept { return env_; }

    // One turn: what is due, what is ready, then the world, waiting for it until the given loop
    // time at most. A thread that was kept from running for more than a second finds its timers
    // shifted by that, not expired.
    void turn(time_point until = never) noexcept;
    // Runs a task to its end by turning the loop.
    void run(task<> main);

    // From any thread: the guest is dismissed when the loop ends, unless it is let go before.
    void admit(guest& one) noexcept WEIR_EXCLUDES(guests_mutex_);
    void let_go(guest& one) noexcept WEIR_EXCLUDES(guests_mutex_);
    // Where several loops end together, whose guests may know each other: before the first of them
    // is destroyed. None of them is turned any more.
    void dismiss_guests() noexcept WEIR_EXCLUDES(guests_mutex_);

private:
    time_point loop_time() noexcept;
    time_point sleep_limit(time_point until) noexcept;
    time_point engine_limit() const noexcept;

    unsigned index_;
    frame_pool frames_;
    slab_pool slabs_;
    assembly_budget assemblies_;
    block_pool blocks_;
    std::unique_ptr<io::engine> engine_;
    duration shift_{};  // the time this loop leaves out: engine time minus loop time
    class scheduler scheduler_;
    time_point expected_ = never;  // when the last wait was to end at the latest
    stop_node root_;
    environment env_{scheduler_, root_};
    mutex guests_mutex_;
    intrusive_list<guest, guest_tag> guests_ WEIR_GUARDED_BY(guests_mutex_);
};

}  // namespace weir::inline v0::io
