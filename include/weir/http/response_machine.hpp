// The client's side of reading HTTP/1.1: bytes go in, actions come out, no socket in sight.
//
// The driver calls expect() when it asks for a response, then next() as with a request_machine, and
// consumes step.consumed bytes after every step. What comes without having been expected is a
// violation, so that a connection whose peer talks out of turn is never used again. With requests
// in flight behind one another, expect() is called for the next one after each `end`.
//
// A `head` action with an interim status (1xx) is not the response: its head follows. Only 101
// (Switching Protocols) is, where it was asked for: switched() is true then, and what follows the
// head is another protocol's. Whether it is the one that was asked for, its Upgrade field says.
//
// Lifetime: as in request_machine.hpp. One loop uses a machine.
#pragma once

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/http/action.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/message_reader.hpp"
#include "weir/http/method.hpp"
#include "weir/http/received_head.hpp"

namespace weir::inline v0::http {

class WEIR_API response_machine : public message_reader {
public:
    explicit response_machine(const limits& bounds WEIR_LIFETIMEBOUND) noexcept
        : message_reader{bounds} {}

    // A request with this method has been sent, and its response is the next to come. Only where
    // idle() is true. CONNECT is not spoken.
    // switch_asked: with Upgrade, so that it may be answered with 101.
    void expect(method asked, bool switch_asked = false) noexcept;
    // The first calls of a response fill head, which the machine resets when it begins; the calls
    // from its `head` action to its `end` do not touch it.
    // Lifetime: the action's views, and the head's, are views into input.
    action next(bytes_view input WEIR_LIFETIMEBOUND, received_head& head) noexcept;

    // Premature where a response is expected, too.
    ending end_of_stream() noexcept;

    // No response is expected, and none has begun.
    bool idle() const noexcept { return state_ == state::idle; }
    bool switched() const noexcept { return state_ == state::switched; }

private:
    using message_reader::step;
    action step(in_state<state::idle>, bytes_view input, received_head& head) noexcept;
    action step(in_state<state::awaiting_head>, bytes_view input, received_head& head) noexcept;
    action step(in_state<state::reading_head>, bytes_view input, received_head& head) noexcept;
    action end_head(const received_head& head) noexcept;
    action end_interim(const received_head& head) noexcept;
    event framing_of(const received_head& head) const noexcept;

    method asked_ = method::get;
    bool switch_asked_ = false;
};

}  // namespace weir::inline v0::http
