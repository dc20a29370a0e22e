// The server's side of reading HTTP/1.1: bytes go in, actions come out, no socket in sight.
//
//     switch (auto step = machine.next(input, head); step.what) { ... }
//
// The driver consumes step.consumed bytes after every step, whatever it is, and calls again with
// what follows. The machine keeps the order of a connection: head, body pieces, end, next head.
// A rejection is final: answer it, close, and look at none of the bytes behind it.
//
// Lifetime: limits outlive the machine. Body views live as long as the driver keeps their bytes;
// request_head.hpp says how long those of the head have to stay. One loop uses a machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/http/action.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/message_reader.hpp"
#include "weir/http/request_head.hpp"

namespace weir::inline v0::http {

class WEIR_API request_machine : public message_reader {
public:
    // All that a machine knows between two messages, where it is kept for one at a time.
    class pause {
    public:
        pause() noexcept : pause{false} {}

    private:
        friend class request_machine;
        explicit pause(bool empty_line) noexcept : empty_line_{empty_line} {}

        bool empty_line_;
    };

    explicit request_machine(const limits& bounds WEIR_LIFETIMEBOUND, pause before = {}) noexcept
        : message_reader{bounds}, empty_line_{before.empty_line_} {
        if (empty_line_) taken_ = empty_line_size;
    }

    // The first calls of a request fill head, which the machine resets when it begins; the calls
    // from its `head` action to its `end` do not touch it.
    // Lifetime: the action's views, and the head's, are views into input.
    action next(bytes_view input WEIR_LIFETIMEBOUND, request_head& head) noexcept;

    // From the head action on, this request's body is read within these limits, which are no wider
    // than the machine's own. False where it is announced as larger: answer 413 and close.
    // Lifetime: bounds outlive the request.
    bool limit_body(const limits& bounds) noexcept {
        body_limits_ = &bounds;
        return left_ <= bounds.max_body_bytes;
    }

    // The request before, which has been read to its end, is answered with 101, whether or not it
    // was to be the last: nothing that follows is HTTP. Not where another one has begun.
    void switch_protocols() noexcept { on(event::protocol_switched); }

    // A request that is complete is still to be answered, however the stream ended.
    ending end_of_stream() noexcept;

    // Nothing of a next request has come: the connection may be closed without loss.
    bool idle() const noexcept { return state_ == state::idle || state_ == state::awaiting_head; }
    // Only where it is idle and persists.
    pause rest() const noexcept { return pause{empty_line_}; }

private:
    using message_reader::step;
    action step(in_state<state::idle>, bytes_view input, request_head& head) noexcept;
    action step(in_state<state::awaiting_head>, bytes_view input, request_head& head) noexcept;
    action step(in_state<state::reading_head>, bytes_view input, request_head& head) noexcept;
    action read_head(bytes_view input, std::size_t skipped, request_head& head) noexcept;
    void begin_body(const request_head& head) noexcept;

    static constexpr std::uint64_t empty_line_size = 2;

    bool empty_line_ = false;  // the one that is ignored has come
};

}  // namespace weir::inline v0::http
