// Runs a handler that may wait, within its deadline.
//
// Like with_timeout, but that the node can be stopped for another reason as well, and that the
// timer is armed only where the handler waits: one that answers at once costs none.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "weir/http/handler.hpp"
#include "weir/http/request.hpp"
#include "weir/task/environment.hpp"
#include "weir/task/timer.hpp"

#include "body_reader.hpp"

namespace weir::inline v0::http {

class handler_call_awaiter final : timer {
public:
    handler_call_awaiter(const class handler_call& call, const environment& outer) noexcept;
    ~handler_call_awaiter() { body_.stops(nullptr); }

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
    void on_expiry() noexcept override { node_.request(errc::timed_out); }

    const handler& how_;
    request& request_;
    body_reader& body_;
    scheduler& scheduler_;
    stop_node node_;
    environment env_;
    std::variant<std::monostate, plain, fallible> running_;
};

class [[nodiscard]] handler_call {
public:
    // Not for a handler::immediate. The wait is for all of it. Lifetime: everything outlives the
    // await.
    handler_call(const handler& how, request& request, body_reader& body, duration wait) noexcept
        : how_{&how}, request_{&request}, body_{&body}, wait_{wait} {}

    handler_call_awaiter await_with(const environment& env) const noexcept {
        return handler_call_awaiter{*this, env};
    }

private:
    friend class handler_call_awaiter;
    const handler* how_;
    request* request_;
    body_reader* body_;
    duration wait_;
};

}  // namespace weir::inline v0::http
