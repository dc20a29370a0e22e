// What is common to a handler that runs, and to the writer of a body: a time, and a peer that may
// go away meanwhile.
//
// Like with_timeout, but that the node can be stopped for other reasons as well: what its peer does
// with the body, its end amid it, or a reset. The timer is armed only where something waits: what
// answers at once costs none; and only where it waits for long is its peer watched.
#pragma once

#include "weir/http/request.hpp"
#include "weir/task/environment.hpp"
#include "weir/task/timer.hpp"

#include "body_reader.hpp"

namespace weir::inline v0::http {

class exchange;
class loop_share;

class request_call : timer {
public:
    request_call(const request_call&) = delete;
    request_call& operator=(const request_call&) = delete;

protected:
    struct terms {
        time_point until;       // its time is over then
        time_point node_until;  // what it may know of that
        bool wants_body;        // without all of the body, it is to be stopped
    };
    // All of them outlive it.
    request_call(exchange& current, loop_share& share, const environment& outer,
                 const terms& granted) noexcept;
    ~request_call() { leave(); }

    const environment& env() const noexcept { return env_; }
    time_point until() const noexcept { return until_; }
    time_point now() const noexcept { return scheduler_.now(); }
    body_reader& body() const noexcept { return body_; }
    // It begins to wait.
    void waits() noexcept;
    // What it has is enough.
    void forgo_body() noexcept { wants_body_ = false; }
    // It has ended.
    void ended() noexcept;
    // Its time is over then; never: not for now.
    void move_until(time_point until) noexcept;

private:
    // When it has waited for long, and now and then from there on as long as its request is not
    // complete; once when its time is over, and once more when it has ignored that for a while.
    void on_expiry() noexcept override;
    void look_at_peer() noexcept;
    // Nothing is left to be stopped.
    void leave() noexcept;

    request& request_;
    body_reader& body_;
    loop_share& share_;
    scheduler& scheduler_;
    stop_node node_;
    environment env_;
    time_point until_;
    bool wants_body_;
    bool expired_ = false;
    bool watches_ = false;
};

}  // namespace weir::inline v0::http
