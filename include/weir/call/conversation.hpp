// Where a server stands with one client: which message may come, and what it is answered with.
//
// Sans-I/O: it is told what was read and what happens, and says what to do. A message that the
// phase does not know ends the conversation, and so does everything that is malformed.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/base/transition_table.hpp"
#include "weir/call/message.hpp"

namespace weir::inline v0::call {

class WEIR_API conversation {
public:
    enum class state : std::uint8_t {
        awaiting_hello,
        awaiting_late_hello,  // the server leaves, and has had no chance to say so
        open,
        leaving,  // goodbye has been said; no call begins any more
        ended,    // nothing is read any more; what is in flight is finished
    };
    enum class event : std::uint8_t { hello, call, cancel, goodbye, leave, end };

    // clang-format off
    static constexpr auto table = make_table<state::ended, event::end>({
        {state::awaiting_hello,      event::hello,   state::open},
        {state::awaiting_hello,      event::leave,   state::awaiting_late_hello},
        {state::awaiting_hello,      event::end,     state::ended},
        {state::awaiting_late_hello, event::hello,   state::leaving},
        {state::awaiting_late_hello, event::end,     state::ended},
        {state::open,                event::call,    state::open},
        {state::open,                event::cancel,  state::open},
        {state::open,                event::goodbye, state::ended},
        {state::open,                event::leave,   state::leaving},
        {state::open,                event::end,     state::ended},
        {state::leaving,             event::call,    state::leaving},
        {state::leaving,             event::cancel,  state::leaving},
        {state::leaving,             event::goodbye, state::ended},
        {state::leaving,             event::end,     state::ended},
    });
    // clang-format on
    static_assert(table.reaches_every_state_from(state::awaiting_hello));
    static_assert(table.leads_every_state_to(state::ended));
    static_assert(table.uses_every_event());

    enum class action : std::uint8_t {
        say_hello,
        say_hello_and_goodbye,
        say_goodbye,
        begin,   // the call
        refuse,  // the call, as unavailable: it was not begun
        cancel,  // the call, where it is in flight
        nothing,
    };

    // Errors: malformed and unsupported, with why, to be said last; the conversation has ended.
    result<action> on(const message& said);
    // The server wants to end, or the peer has been idle. Only the first time counts.
    bool may_leave() const noexcept { return table.allows(state_, event::leave); }
    action leave() noexcept;
    // Nothing more will be read: the end of the stream, or a violation.
    void end() noexcept;

    state now() const noexcept { return state_; }
    bool greeted() const noexcept {
        return state_ != state::awaiting_hello && state_ != state::awaiting_late_hello;
    }
    bool ended() const noexcept { return state_ == state::ended; }

private:
    action step(event on) noexcept;

    state state_ = state::awaiting_hello;
};

WEIR_API std::string_view to_string(conversation::state which) noexcept;
WEIR_API std::string_view to_string(conversation::event which) noexcept;

}  // namespace weir::inline v0::call
