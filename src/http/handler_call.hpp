// Runs a handler, and the middlewares around it, where any of them may wait, within its deadline.
//
// It starts where the request was read, without a coroutine of the connection's own: most handlers
// have what they need at hand, and are through when start() returns.
#pragma once

#include "weir/http/middleware.hpp"

#include "request_call.hpp"

namespace weir::inline v0::http {

class handler_call final : request_call {
public:
    // Throws std::bad_alloc, and what a middleware or a handler throws before it is a task.
    // Lifetime: all of them outlive it. Cancellation: the environment of the exchange.
    handler_call(const route& to, exchange& current, loop_share& share);

    // Runs it as far as it goes without waiting. True: it has ended.
    bool start() { return running_.await_ready(); }

    // `co_await call.end()`, where it was started and has not ended: waits until it has.
    class end_operand;
    end_operand end() noexcept;

    // Its answer, once it has ended. Rethrows.
    result<response> take() { return running_.await_resume(); }

private:
    handler_call(const route& to, exchange& current, loop_share& share, time_point until);

    task_awaiter<result<response>> running_;
};

class [[nodiscard]] handler_call::end_operand {
public:
    explicit end_operand(handler_call& of) noexcept : of_{&of} {}
    end_operand await_with(const environment&) const noexcept { return *this; }

    bool await_ready() const noexcept { return false; }
    void await_suspend(continuation then) noexcept {
        of_->waits();
        of_->running_.await_suspend(then);
    }
    void await_resume() noexcept { of_->ended(); }

private:
    handler_call* of_;
};

inline handler_call::end_operand handler_call::end() noexcept { return end_operand{*this}; }

}  // namespace weir::inline v0::http
