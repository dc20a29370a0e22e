// Runs a handler that may wait, within its deadline.
//
// Like with_timeout, but that the node can be stopped for other reasons as well: what its peer does
// with the body, or a reset. The timer is armed only where the handler waits: one that answers at
// once costs none; and only one that waits for long has its peer watched.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "weir/http/handler.hpp"
#include "weir/http/request.hpp"
#include "weir/task/environment.hpp"
#include "weir/task/timer.hpp"

#include "body_reader.hpp"
#include "loop_share.hpp"

namespace weir::inline v0::http {

class handler_call_awaiter final : timer {
public:
    handler_call_awaiter(const class handler_call& call, const environment& outer) noexcept;
    ~handler_call_awaiter() { leave(); }

    bool await_ready();
    void await_suspend(continuation then) noexcept;
    result<response> await_resume();

private:
    using plain = task_awaiter<response>;
    using fallible = task_awaiter<result<response>>;

    template <class Awaiter, class Task>
    bool start(Task task) {
        return running_.emplace<Awaiter>(task.release(), env_).await_ready();
    }
    // Once when it has waited for long, once when its time is over, and once more when it has
    // ignored that for a while.
    void on_expiry() noexcept override;
    void watch_peer() noexcept;
    // Nothing is left to be stopped.
    void leave() noexcept;

    const handler& how_;
    request& request_;
    body_reader& body_;
    loop_share& share_;
    scheduler& scheduler_;
    stop_node node_;
    environment env_;
    std::variant<std::monostate, plain, fallible> running_;
    bool expired_ = false;
};

class [[nodiscard]] handler_call {
public:
    // Not for a handler::immediate. Lifetime: everything outlives the await.
    handler_call(const handler& how, request& request, body_reader& body,
                 loop_share& share) noexcept
        : how_{&how}, request_{&request}, body_{&body}, share_{&share} {}

    handler_call_awaiter await_with(const environment& env) const noexcept {
        return handler_call_awaiter{*this, env};
    }

private:
    friend class handler_call_awaiter;
    const handler* how_;
    request* request_;
    body_reader* body_;
    loop_share* share_;
};

}  // namespace weir::inline v0::http
