// One acquire(), step by step: wait for a turn, take an idle resource, or have one created.
//
// No coroutine of its own: an idle resource costs no frame and no timer, and the deadline is armed
// only where there is something to wait for. It belongs to the loop of the task that awaits it.
// Whatever it holds when it dies goes back: the turn, the place, the creation that was under way.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "weir/flow/shared_semaphore.hpp"
#include "weir/pool/lease.hpp"
#include "weir/task/task.hpp"
#include "weir/task/with_timeout.hpp"

namespace weir::inline v0::pool {

template <class Resource>
class acquire_awaiter final : early_exit {
    using creation = task_awaiter<result<std::unique_ptr<Resource>>>;

public:
    acquire_awaiter(pool<Resource>& from, const environment& env) noexcept
        : pool_{&from}, env_{&env}, started_{env.now()} {}
    acquire_awaiter(const acquire_awaiter&) = delete;
    acquire_awaiter& operator=(const acquire_awaiter&) = delete;
    ~acquire_awaiter() = default;

    bool await_ready() {
        if (env_->stop().requested()) {
            why_ = env_->stop().reason();
            return true;
        }
        if (auto turn = pool_->turns_.try_acquire()) return claim(std::move(*turn));
        turn_.emplace(pool_->turns_, 1, limited());
        return turn_->await_ready() && turn_decided();
    }

    void await_suspend(continuation then) {
        then_ = then;
        suspend_step();
    }

    result<lease<Resource>> await_resume() {
        ended();
        if (thrown_) std::rethrow_exception(std::move(thrown_));
        if (failed() && !creation_) return fail(why_);
        if (creation_) {
            auto made = creation_->await_resume();
            if (!made) return fail(std::move(made.error()));
            pool_->fill(lease_, std::move(*made));
        }
        return std::move(lease_);
    }

    bool failed() noexcept { return why_ != errc{} || (creation_ && creation_->failed()); }
    error take_error() noexcept {
        ended();
        return creation_ ? creation_->take_error() : error{why_};
    }

private:
    const environment& limited() noexcept {
        if (!deadline_) deadline_.emplace(after(started_, pool_->limits_.acquire_timeout), *env_);
        return deadline_->env();
    }

    void ended() noexcept {
        deadline_.reset();
        pool_->note(env_->now() - started_);
    }

    void suspend_step() noexcept {
        const continuation here = then_.through(*this);
        if (creation_) {
            creation_->await_suspend(here);
        } else {
            turn_->await_suspend(here);
        }
    }

    // A step has ended on its own loop. Goes on with the next, or with who awaits.
    std::coroutine_handle<> next() noexcept override {
        if (!creation_ && !turn_decided()) {
            suspend_step();
            return std::noop_coroutine();
        }
        return then_.next();
    }

    // Each true where nothing is left to wait for.
    bool turn_decided() noexcept {
        auto turn = turn_->await_resume();
        if (turn) return claim(std::move(*turn));
        why_ = turn.error().code();
        return true;
    }

    bool claim(flow::shared_semaphore::permit turn) noexcept {
        lease_ = pool_->claim(std::move(turn), env_->now());
        if (!lease_) why_ = errc::closed;
        return !lease_ || lease_.filled() || create();
    }

    bool create() noexcept {
        try {
            creation_.emplace(pool_->manager_->create().release(), limited());
            return creation_->await_ready();
        } catch (...) {  // no memory for its frame
            creation_.reset();
            thrown_ = std::current_exception();
            return true;
        }
    }

    pool<Resource>* pool_;
    const environment* env_;
    time_point started_;
    continuation then_;
    errc why_{};
    std::exception_ptr thrown_;

    // In the order in which they depend on each other; destroyed in reverse.
    std::optional<deadline_node> deadline_;
    std::optional<flow::shared_semaphore::acquire_awaiter> turn_;
    lease<Resource> lease_;
    std::optional<creation> creation_;
};

template <class Resource>
class [[nodiscard("nothing happens until it is awaited")]] acquire_operand {
public:
    explicit acquire_operand(pool<Resource>& from) noexcept : from_{&from} {}
    acquire_awaiter<Resource> await_with(const environment& env) const noexcept {
        return {*from_, env};
    }

private:
    pool<Resource>* from_;
};

}  // namespace weir::inline v0::pool
