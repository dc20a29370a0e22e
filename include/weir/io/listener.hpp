// Where connections arrive.
#pragma once

#include "weir/io/listening_socket.hpp"
#include "weir/io/operation.hpp"
#include "weir/io/operation_awaiter.hpp"

namespace weir::inline v0::io {

class listener {
public:
    using loop_bound = void;

    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    // Closes it. Connections that nobody has accepted are reset, unless it is shared; see
    // refuse_new().
    virtual ~listener() = default;

    // As in transport. Out of descriptors or memory is an error of one accept: errc::overloaded or
    // errc::out_of_memory; the connection stays in the queue. errc::reset is one of a single
    // connection, which is lost; where that is said of each, it is the system that refuses.
    virtual bool start(accept_op& accept) noexcept = 0;
    virtual bool cancel(operation& pending) noexcept = 0;
    virtual void abandon(operation& pending) noexcept = 0;

    // New connections no longer enter the queue, and are not reset either: their peers try again,
    // and reach a successor. What is in the queue can still be accepted. Nothing happens where the
    // socket is shared: whoever has it, too, goes on with its queue.
    virtual void refuse_new() noexcept = 0;
    // Whether accept would answer at once with a connection or an error.
    virtual bool has_waiting() noexcept = 0;
    virtual const endpoint& local() const noexcept = 0;

    // Whether another process has the socket, too: one that keeps it, or a successor.
    virtual bool shared() const noexcept = 0;
    // The same socket once more, to be sent to a successor. Errors: overloaded (no descriptors);
    // unsupported (the simulator).
    virtual result<listening_socket> share() const = 0;
    // A successor has it from now on: the socket is shared, and so is a unix socket's file.
    virtual void hand_over() noexcept = 0;
    // Its predecessor has left it, a unix socket's file included, which goes with this one from now
    // on; unless a manager keeps it.
    virtual void take_charge() noexcept = 0;

    using awaiter = operation_awaiter<listener, accept_op>;

protected:
    listener() noexcept = default;
};

class [[nodiscard]] accept_awaiter final : public listener::awaiter {
public:
    using listener::awaiter::awaiter;
    result<native_socket> await_resume() noexcept {
        if (failed()) return fail(take_error());
        return take_socket();
    }
};

// `co_await accept(listener)`: the next connection. Cancellation: errc::canceled; none is lost.
class [[nodiscard("nothing happens until it is awaited")]] accept {
public:
    explicit accept(listener& from) noexcept : from_{&from} {}
    accept_awaiter await_with(const environment& env) const { return accept_awaiter{*from_, env}; }

private:
    listener* from_;
};

}  // namespace weir::inline v0::io
