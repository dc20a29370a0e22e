// The phases of a connection's life, as a machine; docs/diagrams/net.md shows its table.
//
// The half-closed phases are named as in RFC 9113, section 5.1: by the side that has said that it
// sends no more.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/transition_table.hpp"

namespace weir::inline v0::net {

class lifecycle {
public:
    enum class state : std::uint8_t {
        open,
        half_closed_remote,  // what the peer has asked is still answered
        draining,            // what is in flight is finished, nothing new is taken
        half_closed_local,   // all has been said; what still comes is read and dropped
        closed,
    };
    enum class event : std::uint8_t {
        peer_ended,   // its FIN
        drain_began,  // the service wants to end
        shut_down,    // our FIN, behind all that was sent
        over,         // reset by either side, a send that failed, or listened to for long enough
    };

    static constexpr auto table = make_table<state::closed, event::over>({
        {state::open, event::peer_ended, state::half_closed_remote},
        {state::open, event::drain_began, state::draining},
        {state::open, event::shut_down, state::half_closed_local},
        {state::open, event::over, state::closed},
        {state::half_closed_remote, event::drain_began, state::draining},
        {state::half_closed_remote, event::shut_down, state::closed},
        {state::half_closed_remote, event::over, state::closed},
        {state::draining, event::shut_down, state::half_closed_local},
        {state::draining, event::over, state::closed},
        {state::half_closed_local, event::peer_ended, state::closed},
        {state::half_closed_local, event::over, state::closed},
    });
    static_assert(table.reaches_every_state_from(state::open));
    static_assert(table.leads_every_state_to(state::closed));
    static_assert(table.uses_every_event());

    // What has no row says nothing new: a second FIN, a drain of what ends already.
    void on(event what) noexcept {
        if (table.allows(state_, what)) state_ = table.after(state_, what);
    }

    state now() const noexcept { return state_; }
    // Whether another message of the peer's may be taken.
    bool takes_messages() const noexcept {
        return state_ == state::open || state_ == state::half_closed_remote;
    }

private:
    state state_ = state::open;
};

WEIR_API std::string_view to_string(lifecycle::state which) noexcept;
WEIR_API std::string_view to_string(lifecycle::event which) noexcept;

}  // namespace weir::inline v0::net
