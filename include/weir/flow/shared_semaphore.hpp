// A semaphore whose waiters may sit on different loops.
//
// The contract is that of semaphore; every function may be called from any thread, and permits may
// be given back on another thread than they were taken on. A waiter belongs to its own loop: it is
// granted under the lock and woken by a post to that loop.
#pragma once

#include <cstddef>

#include "weir/base/api.hpp"
#include "weir/base/mutex.hpp"
#include "weir/base/result.hpp"
#include "weir/flow/permit.hpp"
#include "weir/flow/permit_queue.hpp"
#include "weir/flow/shared_wait.hpp"

namespace weir::inline v0::flow {

class WEIR_API shared_semaphore {
public:
    using permit = basic_permit<shared_semaphore>;
    class acquire_awaiter;
    class acquire_operand;

    explicit shared_semaphore(std::size_t permits, std::size_t max_waiters = unbounded) noexcept
        : queue_{permits, max_waiters} {}
    shared_semaphore(const shared_semaphore&) = delete;
    shared_semaphore& operator=(const shared_semaphore&) = delete;
    // Its permits are back and nobody waits.
    ~shared_semaphore();

    // Answers with result<permit>; allocates nothing.
    // Errors: overloaded at once where max_waiters wait already, too_large at once where the
    // semaphore never had that many, closed.
    // Cancellation: answers with the stop's reason, nothing taken; a grant that came first stands,
    // also where it is still on its way from another thread.
    acquire_operand acquire(std::size_t permits = 1) noexcept;
    // Errors: overloaded where one would have to wait, too_large, closed.
    result<permit> try_acquire(std::size_t permits = 1) noexcept WEIR_EXCLUDES(mutex_);

    // Those who wait, and all who come later, get errc::closed. Permits that are out stay good.
    void close() noexcept WEIR_EXCLUDES(mutex_);

    // True of a moment that has passed.
    std::size_t available() const noexcept WEIR_EXCLUDES(mutex_);
    std::size_t waiting() const noexcept WEIR_EXCLUDES(mutex_);

private:
    friend permit;
    void give_back(std::size_t permits) noexcept WEIR_EXCLUDES(mutex_);
    permit hand_out(std::size_t permits) noexcept { return {*this, permits}; }

    mutable mutex mutex_;
    permit_queue queue_ WEIR_GUARDED_BY(mutex_);
};

class WEIR_API shared_semaphore::acquire_awaiter final : public shared_wait, permit_queue::waiter {
public:
    acquire_awaiter(shared_semaphore& from, std::size_t permits, const environment& env) noexcept
        : shared_wait{from.mutex_, env}, waiter{permits}, from_{&from} {}
    ~acquire_awaiter();

    result<permit> await_resume() noexcept;

    bool failed() const noexcept { return refusal() != errc{}; }
    error take_error() const noexcept { return error{refusal()}; }

private:
    void on_decided() noexcept override { decided(); }
    bool enter() noexcept WEIR_REQUIRES(from_->mutex_) override;
    bool leave() noexcept WEIR_REQUIRES(from_->mutex_) override;
    void refuse(errc reason) noexcept override { waiter::refuse(reason); }

    shared_semaphore* from_;
};

class [[nodiscard("nothing happens until it is awaited")]] shared_semaphore::acquire_operand {
public:
    acquire_operand(shared_semaphore& from, std::size_t permits) noexcept
        : from_{&from}, permits_{permits} {}
    acquire_awaiter await_with(const environment& env) const noexcept {
        return {*from_, permits_, env};
    }

private:
    shared_semaphore* from_;
    std::size_t permits_;
};

inline shared_semaphore::acquire_operand shared_semaphore::acquire(std::size_t permits) noexcept {
    return {*this, permits};
}

}  // namespace weir::inline v0::flow
