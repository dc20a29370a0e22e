// Awaits an operation: what turns start/complete/cancel into co_await, with stops and destruction.
#pragma once

#include <utility>

#include "weir/base/result.hpp"
#include "weir/io/operation.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::io {

// Target is whatever runs the operation: it has start(Op&), cancel(operation&) and
// abandon(operation&) as transport.hpp and listener.hpp describe them. Cancellation: the operation
// is asked to end, and awaited; what had finished by then is not lost. Destroyed while pending:
// taken back synchronously.
template <class Target, class Op>
class operation_awaiter : public wait, public Op {
public:
    template <class... Arguments>
    operation_awaiter(Target& target, const environment& env, Arguments&&... arguments)
        : wait{env}, Op{std::forward<Arguments>(arguments)...}, target_{&target} {}
    ~operation_awaiter() {
        if (pending_) target_->abandon(*this);
    }

    bool await_ready() noexcept {
        if (stopped()) {
            this->set_status(stop_reason());
            return true;
        }
        return start();
    }
    void await_suspend(continuation then) noexcept { park(then); }

    // Ends the wait early with reason, unless it has just ended by itself.
    void interrupt(errc reason) noexcept {
        if (!pending_) return;
        reason_ = reason;
        if (!target_->cancel(*this)) return;
        pending_ = false;
        this->set_status(reason);
        wake();
    }

    // The same at once: when it returns, nothing touches the operation's memory any more, and what
    // had arrived there is lost.
    void give_up(errc reason) noexcept {
        if (!pending_) return;
        target_->abandon(*this);
        pending_ = false;
        this->set_status(reason);
        wake();
    }

    bool failed() const noexcept { return this->status() != errc{}; }
    error take_error() const noexcept { return error{this->status()}; }

protected:
    // True where it has finished at once.
    bool start() noexcept {
        pending_ = !target_->start(static_cast<Op&>(*this));
        return !pending_;
    }
    void on_complete() noexcept override {
        settle();
        resume_now();
    }
    // It is no longer pending; a cancellation gets its reason.
    void settle() noexcept {
        pending_ = false;
        if (this->status() == errc::canceled && reason_ != errc{}) this->set_status(reason_);
    }
    void on_stop(errc reason) noexcept override { interrupt(reason); }

private:
    Target* target_;
    errc reason_{};
    bool pending_ = false;
};

}  // namespace weir::inline v0::io
