// Bounds how many do something at once, on one loop.
//
// Places are handed out in the order in which they were asked for. Everything here belongs to the
// loop's thread; shared_semaphore is for several.
#pragma once

#include <cstddef>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/flow/permit.hpp"
#include "weir/flow/permit_wait.hpp"

namespace weir::inline v0::flow {

class WEIR_API semaphore {
public:
    using loop_bound = void;

    using permit = basic_permit<semaphore>;
    class acquire_awaiter;
    class acquire_operand;

    explicit semaphore(std::size_t permits, std::size_t max_waiters = unbounded) noexcept
        : queue_{permits, max_waiters} {}
    semaphore(const semaphore&) = delete;
    semaphore& operator=(const semaphore&) = delete;
    // Its permits are back and nobody waits.
    ~semaphore();

    // Answers with result<permit>; allocates nothing.
    // Errors: overloaded at once where max_waiters wait already, too_large at once where the
    // semaphore never had that many, closed.
    // Cancellation: answers with the stop's reason, nothing taken; a grant that came first stands.
    acquire_operand acquire(std::size_t permits = 1) noexcept;
    // Errors: overloaded where one would have to wait, too_large, closed.
    result<permit> try_acquire(std::size_t permits = 1) noexcept {
        if (const errc outcome = queue_.try_take(permits); outcome != errc{}) return fail(outcome);
        return hand_out(permits);
    }

    // Those who wait, and all who come later, get errc::closed. Permits that are out stay good.
    void close() noexcept { queue_.close(errc::closed); }

    bool closed() const noexcept { return queue_.closed(); }
    std::size_t total() const noexcept { return queue_.total(); }
    std::size_t available() const noexcept { return queue_.available(); }
    std::size_t waiting() const noexcept { return queue_.waiting(); }

private:
    friend permit;
    void give_back(std::size_t permits) noexcept { queue_.give(permits); }
    permit hand_out(std::size_t permits) noexcept { return {*this, permits}; }

    permit_queue queue_;
};

class semaphore::acquire_awaiter final : public permit_wait {
public:
    acquire_awaiter(semaphore& from, std::size_t permits, const environment& env) noexcept
        : permit_wait{from.queue_, permits, env}, from_{&from} {}

    result<permit> await_resume() noexcept {
        if (failed()) return fail(take_error());
        return from_->hand_out(take());
    }

private:
    semaphore* from_;
};

class [[nodiscard("nothing happens until it is awaited")]] semaphore::acquire_operand {
public:
    acquire_operand(semaphore& from, std::size_t permits) noexcept
        : from_{&from}, permits_{permits} {}
    acquire_awaiter await_with(const environment& env) const noexcept {
        return {*from_, permits_, env};
    }

private:
    semaphore* from_;
    std::size_t permits_;
};

inline semaphore::acquire_operand semaphore::acquire(std::size_t permits) noexcept {
    return {*this, permits};
}

}  // namespace weir::inline v0::flow
