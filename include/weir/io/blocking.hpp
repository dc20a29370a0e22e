// Work that blocks (files, SQLite, name resolution), on threads of its own and never on a loop.
//
// The queue is bounded: where it is full, the answer is errc::overloaded at once. Work owns its
// arguments, since its caller may leave before it ends. At a deadline or a stop, work that has not
// begun never will, and its place in the queue is free; what has begun is abandoned (its thread
// stays busy and counted until the work ends by itself), unless it can be interrupted: then it is,
// and awaited.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/result.hpp"
#include "weir/task/frame_pool.hpp"
#include "weir/task/task.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::io {

struct blocking_options {
    blocking_options() = default;
    // Started when they are first needed.
    unsigned threads = 8;
    // Work that waits for a thread.
    std::size_t queue = 1024;
};

class blocking_waiter;

// One piece of work: made on a loop, run on a thread, given back to the loop if somebody waits
// there.
class WEIR_API blocking_job : public runnable {
public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* block, std::size_t size) noexcept {
        frame_pool::release(block, size);
    }
    virtual ~blocking_job() = default;

    // On a thread of the pool.
    virtual void work() noexcept = 0;
    // Called last where nobody waits for it, so that an owner may keep it and run it again.
    virtual void let_go() noexcept { delete this; }

private:
    friend class blocking_pool;
    friend class blocking_waiter;
    // On the loop that made it: whoever waits goes on.
    void run() noexcept final;

    scheduler* home_ = nullptr;  // of whoever waits, or waited
    // Until it is posted to that loop, both change under the pool's lock only.
    blocking_waiter* waiter_ = nullptr;
    bool posted_ = false;
};

class WEIR_API blocking_pool {
public:
    explicit blocking_pool(const blocking_options& options);
    blocking_pool(const blocking_pool&) = delete;
    blocking_pool& operator=(const blocking_pool&) = delete;
    // Before the loops that wait for its work. Idle threads are joined. Work that still runs is
    // left to end by itself, and its outcome is dropped; no loop is touched from then on.
    ~blocking_pool();

    // A clock for work that measures itself: a thread has no loop to ask. It goes on while the
    // process is stopped, and under the simulator.
    static time_point now() noexcept;

    // Runs a job that nobody waits for, and lets go of it: on its thread when it has ended; or at
    // once, where the queue is full; or in the pool's destructor, where that comes first. From any
    // thread.
    void run_unattended(blocking_job& job) noexcept;

    // Threads that work now, abandoned work included; and work that waits for a thread.
    std::size_t busy() const noexcept;
    std::size_t queued() const noexcept;

private:
    friend class blocking_waiter;
    struct state;
    // From any loop. False where the queue is full.
    bool submit(blocking_job& job) noexcept;
    // On its loop: nobody waits for it any more. Its thread destroys it, unless it has ended.
    void abandon(blocking_job& job) noexcept;
    // On its loop: true where it has not begun, and from now on never will. It is the caller's
    // then.
    bool revoke(blocking_job& job) noexcept;
    // On its loop: blocks until it has ended, and destroys it.
    void await_end(blocking_job& job) noexcept;
    void start_thread() noexcept;

    std::shared_ptr<state> state_;
};

class WEIR_API blocking_waiter : public wait {
public:
    bool failed() const noexcept { return status_ != errc{}; }
    error take_error() const noexcept { return error{status_}; }

protected:
    blocking_waiter(blocking_pool& pool, const environment& env) noexcept
        : wait{env}, pool_{&pool} {}
    ~blocking_waiter() { leave(); }

    // For the destructor of a wait for work that can be interrupted: blocks until that has ended.
    void end_work() noexcept;
    // Owns job from here on. True where the wait is over already: stopped, or the queue is full.
    bool submit(std::unique_ptr<blocking_job> job) noexcept;
    // The job, done; empty where failed().
    blocking_job* job() const noexcept { return job_; }

private:
    friend class blocking_job;
    // Whether the work was told to end soon; then it is awaited, and not abandoned.
    virtual bool interrupt_work() noexcept = 0;
    void on_stop(errc reason) noexcept override;
    bool revoke() noexcept;
    void leave() noexcept;

    blocking_pool* pool_;
    blocking_job* job_ = nullptr;
    bool done_ = false;
    bool interrupted_ = false;
    errc status_{};
};

// Keeps a piece of work and its outcome together.
template <class Work>
class blocking_job_of final : public blocking_job {
    using answer = std::invoke_result_t<Work&>;

public:
    explicit blocking_job_of(Work work) : work_{std::move(work)} {}

    void work() noexcept override {
        try {
            outcome_.emplace(work_());
        } catch (...) {
            exception_ = std::current_exception();
        }
    }
    // Whether the work itself answered with an error.
    bool failed() const noexcept { return outcome_ && !outcome_->has_value(); }
    error take_error() noexcept { return std::move(outcome_->error()); }
    answer take() {
        if (exception_) std::rethrow_exception(exception_);
        return std::move(*outcome_);
    }

private:
    Work work_;
    std::optional<answer> outcome_;
    std::exception_ptr exception_;
};

template <class Work, class Interrupt>
class run_blocking_awaiter final : public blocking_waiter {
    using answer = std::invoke_result_t<Work&>;
    static_assert(is_result<answer>, "blocking work answers with a result<...>");
    static constexpr bool can_interrupt = !std::is_same_v<Interrupt, std::nullptr_t>;

public:
    run_blocking_awaiter(blocking_pool& pool, const environment& env, Work work,
                         Interrupt interrupt)
        : blocking_waiter{pool, env}, interrupt_{std::move(interrupt)} {
        made_ = std::make_unique<blocking_job_of<Work>>(std::move(work));
    }

    ~run_blocking_awaiter() {
        if constexpr (can_interrupt) end_work();
    }

    bool await_ready() noexcept { return submit(std::move(made_)); }
    void await_suspend(continuation then) noexcept { park(then); }
    answer await_resume() {
        if (blocking_waiter::failed()) return fail(blocking_waiter::take_error());
        return work().take();
    }
    bool failed() const noexcept { return blocking_waiter::failed() || work().failed(); }
    error take_error() noexcept {
        return blocking_waiter::failed() ? blocking_waiter::take_error() : work().take_error();
    }

private:
    // Only where the wait did not fail: then there is a job, and it is done.
    blocking_job_of<Work>& work() const noexcept {
        return *static_cast<blocking_job_of<Work>*>(job());
    }
    bool interrupt_work() noexcept override {
        if constexpr (can_interrupt) interrupt_();
        return can_interrupt;
    }

    Interrupt interrupt_;
    std::unique_ptr<blocking_job_of<Work>> made_;
};

template <class Work, class Interrupt>
class [[nodiscard("nothing happens until it is awaited")]] run_blocking_operand {
public:
    run_blocking_operand(blocking_pool& pool, Work work, Interrupt interrupt)
        : pool_{&pool}, work_{std::move(work)}, interrupt_{std::move(interrupt)} {}
    run_blocking_awaiter<Work, Interrupt> await_with(const environment& env) && {
        return {*pool_, env, std::move(work_), std::move(interrupt_)};
    }

private:
    blocking_pool* pool_;
    Work work_;
    Interrupt interrupt_;
};

// `co_await run_blocking(pool, std::move(work))`: the work's result. work() runs on a thread and
// owns what it uses; name it before the co_await expression. Cancellation: abandoned, see above.
// Errors: overloaded, canceled, timed_out, and the work's own; its exceptions are rethrown.
template <class Work>
run_blocking_operand<Work, std::nullptr_t> run_blocking(blocking_pool& pool, Work work) {
    return {pool, std::move(work), nullptr};
}

// For work that interrupt() (called on the loop, must not block) brings to an end soon: it is
// awaited, so work may refer to what the caller owns. Where the awaiting task is destroyed, that
// interrupts the work and blocks the loop until it has ended: the way out of a loop that is torn
// down, or of a handler that ignores its stop.
template <class Work, class Interrupt>
run_blocking_operand<Work, Interrupt> run_blocking(blocking_pool& pool, Work work,
                                                   Interrupt interrupt) {
    return {pool, std::move(work), std::move(interrupt)};
}

}  // namespace weir::inline v0::io
