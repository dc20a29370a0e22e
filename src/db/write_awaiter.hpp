// The wait of a write: for its answer, or for the lead.
//
// A stop takes back a write whose statement has not begun, interrupts one that runs, and awaits one
// that waits for the commit. Its turn must come within acquire_timeout; afterwards only the task's
// own deadline counts. Destroyed while it waits, it takes the write with it.
#pragma once

#include <optional>

#include "weir/task/wait.hpp"
#include "weir/task/with_timeout.hpp"

#include "write_queue.hpp"

namespace weir::inline v0::db {

class write_awaiter final : public wait {
public:
    write_awaiter(write_queue& queue, write_request& write, duration acquire_timeout,
                  const environment& env) noexcept
        : wait{env}, queue_{&queue}, write_{&write}, acquire_timeout_{acquire_timeout} {}
    ~write_awaiter();

    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept;
    void await_resume() const noexcept {}

    // For the queue, under its lock.
    void post() noexcept { env().scheduler().post(*this); }

private:
    void on_stop(errc reason) noexcept override;
    void run() noexcept override;

    write_queue* queue_;
    write_request* write_;
    duration acquire_timeout_;
    std::optional<deadline_node> turn_limit_;
    // Touched by its own loop only: whether a post may be on its way.
    bool open_ = false;
};

// The operand outlives the wait.
class [[nodiscard]] write_operand {
public:
    write_operand(write_queue& queue, write_request& write, duration acquire_timeout) noexcept
        : queue_{&queue}, write_{&write}, acquire_timeout_{acquire_timeout} {}
    write_awaiter await_with(const environment& env) const noexcept {
        return {*queue_, *write_, acquire_timeout_, env};
    }

private:
    write_queue* queue_;
    write_request* write_;
    duration acquire_timeout_;
};

}  // namespace weir::inline v0::db
