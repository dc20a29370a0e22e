// A stream of bytes both ways: a socket, TLS over one, one end of a pair in memory, a simulated
// one.
//
// What runs over it (frames, HTTP) cannot tell which. At most one receive, one send and one watch
// for a break may be pending at a time. A transport belongs to a loop; its destructor closes it,
// and nothing may be pending then.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "weir/io/operation.hpp"
#include "weir/io/operation_awaiter.hpp"

namespace weir::inline v0::io {

class transport {
public:
    using loop_bound = void;

    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;
    virtual ~transport() = default;

    // True: it has finished already, and on_complete() will not be called. Where there is no memory
    // for it, it ends with errc::out_of_memory, and the stream is as it was; of a send, what had
    // been sent by then is cut off.
    virtual bool start(receive_op& receive) noexcept = 0;
    virtual bool start(send_op& send) noexcept = 0;
    // To be taken back before shutdown(): a stream that both sides have finished looks broken.
    virtual bool start(break_op& watch) noexcept = 0;
    // Asks a pending operation to end. True: it is no longer pending, and on_complete() will not be
    // called; false: on_complete() follows, with errc::canceled unless it ended by itself.
    virtual bool cancel(operation& pending) noexcept = 0;
    // Takes a pending operation back: when this returns, nothing touches it or its memory any more.
    virtual void abandon(operation& pending) noexcept = 0;

    // How much is still to be received before the stream ends, at most. Nothing where the peer has
    // not finished, or where who does not receive cannot know. Not while a receive is pending.
    virtual std::optional<std::size_t> left_before_end() const noexcept { return std::nullopt; }
    // Copies the first of the bytes that left_before_end() has told of, and leaves them to be
    // received. How many. Not where that would tell nothing.
    virtual std::size_t peek(bytes_span) const noexcept { return 0; }
    // No more will be sent (TCP's FIN); what was sent before arrives.
    virtual void shutdown() noexcept = 0;
    // The destructor is to break the connection (TCP's RST) and drop what has not been sent.
    virtual void abort() noexcept = 0;
    virtual const endpoint& peer() const noexcept = 0;

    using receive_awaiter = operation_awaiter<transport, receive_op>;
    using send_awaiter = operation_awaiter<transport, send_op>;

protected:
    transport() noexcept = default;
};

}  // namespace weir::inline v0::io
