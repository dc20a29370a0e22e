// Calls a service over frames: many at a time on one connection, answered as they finish.
//
//     frame::client_options options;
//     options.hosts.push_back(*net::host::parse("127.0.0.1:9000"));
//     frame::client client{loop, resolver, env, options};
//     frame::call_params params;
//     params.text("prefix", "080030");
//     auto answer = co_await client.call("vendor", std::move(params));
//     ...
//     co_await client.close();
//
// It connects when it is called, and again when a connection was lost: one attempt at a time, over
// all hosts, with a delay that grows. Calls that have not been sent wait, in order and bounded;
// what was sent is never sent again, unless the call says that it may be, or the server that it
// did not begin. Belongs to one loop.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "weir/base/api.hpp"
#include "weir/base/intrusive_list.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/flow/channel.hpp"
#include "weir/flow/gate.hpp"
#include "weir/frame/answer.hpp"
#include "weir/frame/call_options.hpp"
#include "weir/frame/call_params.hpp"
#include "weir/frame/client_machine.hpp"
#include "weir/frame/client_options.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/resolver.hpp"
#include "weir/net/connection_options.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::frame {

class client_link;
class pending_call;

class WEIR_API client {
public:
    using loop_bound = void;

    // env: whose stop ends it. Lifetime: loop, resolver and env outlive it. Throws
    // std::invalid_argument where there is no host.
    client(io::loop& loop, io::resolver& resolver, const environment& env, client_options options);
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    // Nobody waits for an answer. Connections are closed as they are; see close().
    ~client();

    // `co_await client.call("vendor", params)`. Lifetime: the client outlives the task.
    // Errors, where nothing was executed: unavailable (no host can be reached, and why),
    // permission_denied (no host takes the token), overloaded (max_waiting), closed,
    // invalid_argument and too_large (this call), and the server's own, by their names. Where it
    // may have been executed: outcome_unknown (the connection was lost, or the server cannot tell),
    // timed_out and canceled (its text says whether it had been sent). Cancellation: leaves at
    // once. The server is told to give the call up; its place is free when the server has answered.
    task<result<answer>> call(std::string name, call_params params = {}, call_options options = {});

    // No more calls; those that wait end with errc::closed, those in flight may go on for
    // close_timeout, then they end with outcome_unknown. Once.
    task<> close();

    client_machine::state state() const noexcept { return machine_.now(); }
    // Why the last attempt to connect failed, or the last connection ended; null before.
    const error* last_error() const noexcept { return last_error_ ? &*last_error_ : nullptr; }
    // Calls that wait to be sent.
    std::size_t waiting() const noexcept { return waiting_; }
    // Calls that were sent and that somebody waits for.
    std::size_t in_flight() const noexcept { return in_flight_; }

private:
    friend class client_link;
    friend class pending_call;

    // What becomes of a call; each may decide it.
    void enter(pending_call& call) noexcept;
    void leave(pending_call& call) noexcept;
    void dequeue(pending_call& call) noexcept;
    void queue_again(pending_call& call) noexcept;
    bool hopeless(const pending_call& call) const noexcept;
    void refuse(pending_call& call) noexcept;
    void refuse_waiting() noexcept;
    static error refusal(const pending_call& call, const error& why);
    // Sends what has a place.
    void pump() noexcept;
    void want_link() noexcept;

    // The connections, one after the other.
    task<> run();
    task<std::unique_ptr<client_link>> connect();
    task<result<std::unique_ptr<client_link>>> open_link();
    task<> use(std::unique_ptr<client_link> opened);
    task<> finish(std::unique_ptr<client_link> leaving);
    time_point now() const noexcept { return loop_->now(); }
    std::uint64_t random() noexcept { return loop_->engine().random(); }

    io::loop* loop_;
    io::resolver* resolver_;
    client_options options_;
    net::connection_options connection_options_;
    client_machine machine_;
    std::optional<error> last_error_;
    std::size_t waiting_ = 0;
    std::size_t in_flight_ = 0;
    intrusive_list<pending_call, pending_call> queue_;
    client_link* link_ = nullptr;  // the open one
    struct nudge {};
    flow::channel<nudge> wanted_{1};
    flow::gate calls_;
    task_scope scope_;
};

}  // namespace weir::inline v0::frame
