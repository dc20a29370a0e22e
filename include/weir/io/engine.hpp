// The seam between Weir and the world: everything that a loop asks of an operating system.
//
// Three stand behind it: uring, epoll, and the simulator. Above this room nothing knows which. An
// engine belongs to one loop's thread, except wake().
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "weir/base/clock.hpp"
#include "weir/base/result.hpp"
#include "weir/io/endpoint.hpp"
#include "weir/io/listener.hpp"
#include "weir/io/listening_socket.hpp"
#include "weir/io/operation.hpp"
#include "weir/io/slab.hpp"
#include "weir/io/transport.hpp"
#include "weir/task/scheduler.hpp"

namespace weir::inline v0::io {

// How long a TCP peer may leave unacknowledged what was sent to it (RFC 5482), or probes of a
// connection on which nothing happens, the first of them after half of it (RFC 9293,
// section 3.8.4). Then it is gone, and the connection ends with errc::reset. Counted in whole
// seconds, between 2 s and 12 h.
constexpr duration default_user_timeout = std::chrono::seconds{60};

struct listen_options {
    listen_options() = default;
    int backlog = 4096;
    // Of the connections that are accepted.
    duration user_timeout = default_user_timeout;
    // A unix socket's file is for this user alone.
    bool owner_only = false;
};

// For engine::poll(): does not wait.
inline constexpr time_point at_once = time_point::min();

class engine : public waker {
public:
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;
    virtual ~engine() = default;

    virtual std::string_view name() const noexcept = 0;
    // Its name and what it found the kernel to offer, for the log.
    virtual std::string_view description() const noexcept { return name(); }
    // Monotonic.
    virtual time_point now() noexcept = 0;
    // Unpredictable, from the system's source; out of the seed under the simulator. A system call:
    // for keys and jitter, not for each request.
    virtual std::uint64_t random() noexcept = 0;

    // A port in use is errc::address_in_use, also where its owner allows sharing.
    virtual result<std::unique_ptr<listener>> listen(const endpoint& at,
                                                     const listen_options& options) = 0;
    // On a socket that another process has opened; backlog and file are as they are.
    // Errors: unsupported (the simulator).
    virtual result<std::unique_ptr<listener>> listen(listening_socket inherited,
                                                     const listen_options& options) = 0;
    // Makes an open socket this loop's own. Throws std::bad_alloc.
    virtual std::unique_ptr<transport> adopt(native_socket socket) = 0;

    // As in transport.
    virtual bool start(connect_op& connect) noexcept = 0;
    virtual bool cancel(connect_op& connect) noexcept = 0;
    virtual void abandon(connect_op& connect) noexcept = 0;

    // Hands over what was started, and waits for something to finish until the given time at most;
    // it may return before with nothing.
    virtual void poll(time_point until) noexcept = 0;
    // Calls on_complete() of what has finished. Apart from poll(), so that the loop knows what time
    // it is before anybody goes on.
    virtual void complete() noexcept = 0;

protected:
    engine() noexcept = default;
};

class [[nodiscard]] connect_awaiter final : public operation_awaiter<engine, connect_op> {
public:
    using operation_awaiter::operation_awaiter;
    result<native_socket> await_resume() noexcept {
        if (failed()) return fail(take_error());
        return take_socket();
    }
};

// `co_await connect(engine, to)`: an open socket, to be adopted by a loop.
class [[nodiscard("nothing happens until it is awaited")]] connect {
public:
    connect(engine& by, endpoint to, duration user_timeout = default_user_timeout) noexcept
        : by_{&by}, to_{std::move(to)}, user_timeout_{user_timeout} {}
    connect_awaiter await_with(const environment& env) const {
        return connect_awaiter{*by_, env, to_, user_timeout_};
    }

private:
    engine* by_;
    endpoint to_;
    duration user_timeout_;
};

}  // namespace weir::inline v0::io
