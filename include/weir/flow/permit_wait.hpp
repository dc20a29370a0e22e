// The wait for permits of a queue that belongs to one loop: what the awaiters of semaphore and
// channel have in common.
//
// Cancellation: a stop while it waits ends it with the stop's reason and takes nothing. A grant
// that came first stays a grant. Destroyed while it waits, it leaves the queue; destroyed after it
// was granted and before it resumed, it gives back what it was granted.
#pragma once

#include "weir/base/api.hpp"
#include "weir/flow/permit_queue.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::flow {

class WEIR_API permit_wait : wait, permit_queue::waiter {
public:
    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept { park(then); }

    bool failed() const noexcept { return refusal() != errc{}; }
    error take_error() const noexcept { return error{refusal()}; }

protected:
    permit_wait(permit_queue& queue, std::size_t wanted, const environment& env) noexcept
        : wait{env}, waiter{wanted}, queue_{&queue} {}
    ~permit_wait() { leave(); }

    using waiter::take;
    void leave() noexcept { queue_->leave(*this); }

private:
    void on_decided() noexcept override { wake(); }
    void on_stop(errc reason) noexcept override;

    permit_queue* queue_;
};

}  // namespace weir::inline v0::flow
