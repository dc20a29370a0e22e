// What a connection does by turns: it waits for input, then serves what has come.
//
// Both waits are in one place, since GCC gives each that a coroutine names a place of its own in
// its frame, and while a connection is idle that frame is most of what it takes.
#pragma once

#include <utility>
#include <variant>

#include "session.hpp"

namespace weir::inline v0::http {

class session_step_awaiter final {
public:
    session_step_awaiter(session& of, net::connection& connection, bool waits,
                         const environment& env) {
        if (waits) {
            step_.emplace<fill>(connection, env);
        } else {
            step_.emplace<batch>(of.serve_batch().release(), env);
        }
    }

    bool await_ready() {
        if (auto* waiting = std::get_if<fill>(&step_)) return waiting->await_ready();
        return std::get<batch>(step_).await_ready();
    }
    void await_suspend(continuation then) noexcept {
        if (auto* waiting = std::get_if<fill>(&step_)) return waiting->await_suspend(then);
        std::get_if<batch>(&step_)->await_suspend(then);
    }
    bool await_resume() {
        if (auto* waiting = std::get_if<fill>(&step_)) return waiting->await_resume().has_value();
        return std::get<batch>(step_).await_resume();
    }

private:
    using fill = net::connection::fill_awaiter;
    using batch = task_awaiter<bool>;

    std::variant<std::monostate, fill, batch> step_;
};

// False where the connection is to be closed. Lifetime: all outlive the await.
class [[nodiscard]] session_step {
public:
    session_step(session& of, net::connection& connection, bool waits) noexcept
        : of_{&of}, connection_{&connection}, waits_{waits} {}

    session_step_awaiter await_with(const environment& env) const {
        return session_step_awaiter{*of_, *connection_, waits_, env};
    }

private:
    session* of_;
    net::connection* connection_;
    bool waits_;
};

}  // namespace weir::inline v0::http
