// Why a grant from another thread neither dangles nor gets lost:
//
// - A waiter is granted or refused, taken out of the queue and posted to its loop within one
//   critical section of mutex_. So whoever holds mutex_ finds it either queued, and nobody knows
//   of it, or decided, and its post is complete.
// - What was posted runs, and a waiter dies, on the waiter's own loop: the two cannot overlap. A
//   waiter that dies undecided takes mutex_ once. If it was queued it leaves, and nobody will post
//   it. If it was granted it gives the permits back to the next. Then it withdraws itself, and its
//   loop forgets it, whether the post lay in the loop's mailbox or was collected already.
// - A stop that meets a decided waiter does nothing: its resumption is on its way.
// - The resumption reads what the granting thread wrote: the loop's mailbox lies between.
//
// post() takes the mailbox's mutex while mutex_ is held, the one place where two are held at once.
// It is always in this order, and nothing is called from within the mailbox's.
#include "weir/flow/shared_semaphore.hpp"

#include <cassert>

namespace weir::inline v0::flow {

shared_semaphore::~shared_semaphore() {
    // Taken so that whoever gave the last permit back has left.
    const lock_guard lock{mutex_};
    assert(queue_.available() == queue_.total() && "a permit outlives its semaphore");
}

result<shared_semaphore::permit> shared_semaphore::try_acquire(std::size_t permits) noexcept {
    const lock_guard lock{mutex_};
    if (const errc outcome = queue_.try_take(permits); outcome != errc{}) return fail(outcome);
    return hand_out(permits);
}

void shared_semaphore::close() noexcept {
    const lock_guard lock{mutex_};
    queue_.close(errc::closed);
}

std::size_t shared_semaphore::available() const noexcept {
    const lock_guard lock{mutex_};
    return queue_.available();
}

std::size_t shared_semaphore::waiting() const noexcept {
    const lock_guard lock{mutex_};
    return queue_.waiting();
}

void shared_semaphore::give_back(std::size_t permits) noexcept {
    const lock_guard lock{mutex_};
    queue_.give(permits);
}

shared_semaphore::acquire_awaiter::~acquire_awaiter() {
    if (open_ || granted()) abandon();
}

// Queued here already, so that asking takes the lock once: a grant is only posted, and its loop
// runs what was posted after await_suspend() has returned.
bool shared_semaphore::acquire_awaiter::await_ready() noexcept {
    if (stopped()) {
        refuse(stop_reason());
        return true;
    }
    const lock_guard lock{from_->mutex_};
    open_ = !from_->queue_.enter(*this);
    return !open_;
}

result<shared_semaphore::permit> shared_semaphore::acquire_awaiter::await_resume() noexcept {
    if (failed()) return fail(take_error());
    return from_->hand_out(take());
}

void shared_semaphore::acquire_awaiter::on_decided() noexcept { env().scheduler().post(*this); }

void shared_semaphore::acquire_awaiter::on_stop(errc reason) noexcept {
    {
        const lock_guard lock{from_->mutex_};
        if (!queued()) return;
        from_->queue_.leave(*this);
    }
    refuse(reason);
    wake();
}

void shared_semaphore::acquire_awaiter::run() noexcept {
    open_ = false;
    resume_now();
}

void shared_semaphore::acquire_awaiter::abandon() noexcept {
    {
        const lock_guard lock{from_->mutex_};
        from_->queue_.leave(*this);
    }
    env().scheduler().withdraw(*this);
}

}  // namespace weir::inline v0::flow
