// Runs the writer of a body: each piece has the time that a handler has as a whole, and what its
// peer takes to read does not count.
#pragma once

#include "weir/http/body_writer.hpp"
#include "weir/http/response.hpp"

#include "request_call.hpp"

namespace weir::inline v0::http {

class stream_call_awaiter final : request_call {
public:
    stream_call_awaiter(const class stream_call& call, const environment& outer);

    bool await_ready() { return running_.await_ready(); }
    void await_suspend(continuation then) noexcept {
        waits();
        running_.await_suspend(then);
    }
    result<> await_resume() {
        ended();
        return running_.await_resume();
    }

    // The answer is about to begin. False where there is nobody to be answered like that any more.
    bool answers() noexcept;
    // The peer is waited for, and is no longer.
    void pause() noexcept { move_until(never); }
    void go_on() noexcept { move_until(after(now(), patience_)); }

private:
    duration patience_;
    task_awaiter<result<>> running_;
};

class [[nodiscard]] stream_call {
public:
    // patience: for each piece. Lifetime: everything outlives the await.
    stream_call(exchange& current, body_writer& out, loop_share& share, duration patience) noexcept
        : current_{&current}, out_{&out}, share_{&share}, patience_{patience} {}

    stream_call_awaiter await_with(const environment& env) const {
        return stream_call_awaiter{*this, env};
    }

private:
    friend class stream_call_awaiter;
    exchange* current_;
    body_writer* out_;
    loop_share* share_;
    duration patience_;
};

}  // namespace weir::inline v0::http
