// Whether a connection goes on after the message at hand (RFC 9112 section 9.3).
//
// A machine of its own: the reader asks it whether to read another request, the writer whether to
// send `Connection: close`. It never goes back: what was once the last message stays the last.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/transition_table.hpp"

namespace weir::inline v0::http {

class keep_alive {
public:
    enum class state : std::uint8_t { persistent, last_message, closing };
    enum class event : std::uint8_t {
        message_ended,
        close_asked,   // by either side: Connection: close, HTTP/1.0, a drain
        stream_ended,  // a half-close: what is in flight is still answered
    };

    static constexpr auto table = make_table<state::closing, event::stream_ended>({
        {state::persistent, event::message_ended, state::persistent},
        {state::persistent, event::close_asked, state::last_message},
        {state::persistent, event::stream_ended, state::last_message},
        {state::last_message, event::close_asked, state::last_message},
        {state::last_message, event::stream_ended, state::last_message},
        {state::last_message, event::message_ended, state::closing},
        {state::closing, event::close_asked, state::closing},
        {state::closing, event::stream_ended, state::closing},
    });
    static_assert(table.reaches_every_state_from(state::persistent));
    static_assert(table.leads_every_state_to(state::closing));
    static_assert(table.uses_every_event());

    void on(event what) noexcept { state_ = table.after(state_, what); }

    // Another message may follow the one at hand.
    bool persists() const noexcept { return state_ == state::persistent; }
    bool closing() const noexcept { return state_ == state::closing; }

private:
    state state_ = state::persistent;
};

WEIR_API std::string_view to_string(keep_alive::state which) noexcept;
WEIR_API std::string_view to_string(keep_alive::event which) noexcept;

}  // namespace weir::inline v0::http
