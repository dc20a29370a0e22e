// Runs a handler, and the middlewares around it, where any of them may wait, within its deadline.
#pragma once

#include "weir/http/middleware.hpp"

#include "request_call.hpp"
#include "route.hpp"

namespace weir::inline v0::http {

class handler_call_awaiter final : request_call {
public:
    handler_call_awaiter(const class handler_call& call, const environment& outer,
                         time_point until);

    bool await_ready() { return running_.await_ready(); }
    void await_suspend(continuation then) noexcept {
        waits();
        running_.await_suspend(then);
    }
    result<response> await_resume() {
        ended();
        return running_.await_resume();
    }

private:
    task_awaiter<result<response>> running_;
};

class [[nodiscard]] handler_call {
public:
    // Lifetime: everything outlives the await.
    handler_call(const route& to, exchange& current, loop_share& share) noexcept
        : to_{&to}, current_{&current}, share_{&share} {}

    handler_call_awaiter await_with(const environment& env) const {
        return handler_call_awaiter{*this, env, after(env.now(), to_->deadline)};
    }

private:
    friend class handler_call_awaiter;
    const route* to_;
    exchange* current_;
    loop_share* share_;
};

inline handler_call_awaiter::handler_call_awaiter(const handler_call& call,
                                                  const environment& outer, time_point until)
    : request_call{*call.current_, *call.share_, outer, {until, until}},
      running_{next{*call.to_, 0}(call.current_->request).await_with(env())} {}

}  // namespace weir::inline v0::http
