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
    abandon();
    if (granted()) from_->give_back(take());
}

result<shared_semaphore::permit> shared_semaphore::acquire_awaiter::await_resume() noexcept {
    if (failed()) return fail(take_error());
    return from_->hand_out(take());
}

bool shared_semaphore::acquire_awaiter::enter() noexcept { return from_->queue_.enter(*this); }

bool shared_semaphore::acquire_awaiter::leave() noexcept {
    if (!queued()) return false;
    from_->queue_.leave(*this);
    return true;
}

}  // namespace weir::inline v0::flow
