// The order of the messages that one end of a connection reads: head, body, end, next head.
//
// One table for both roles, which does not know the role. A server expects a request whenever it
// is asked for one, a client a response where it has sent a request; interim heads, and bodies that
// only the end of the stream ends, come to clients alone. Where both agree on another protocol, a
// server leaves HTTP once it has read the request, a client with the head that says so.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/transition_table.hpp"

namespace weir::inline v0::http {

class message_order {
public:
    enum class state : std::uint8_t {
        idle,
        awaiting_head,
        reading_head,
        reading_body,
        reading_chunks,
        reading_to_end,
        complete,
        rejected,
        switched,
        closed,
    };
    enum class event : std::uint8_t {
        message_expected,
        head_begun,
        interim_head_ended,
        head_ended_without_body,
        head_ended_with_length,
        head_ended_with_chunks,
        head_ended_without_framing,
        body_ended,
        end_told,
        last_end_told,
        violated,
        protocol_switched,
        stream_ended,
    };

    static constexpr auto table = make_table<state::closed, event::stream_ended>({
        {state::idle, event::message_expected, state::awaiting_head},
        {state::idle, event::violated, state::rejected},
        {state::idle, event::protocol_switched, state::switched},
        {state::idle, event::stream_ended, state::closed},
        {state::awaiting_head, event::head_begun, state::reading_head},
        {state::awaiting_head, event::violated, state::rejected},
        {state::awaiting_head, event::protocol_switched, state::switched},
        {state::awaiting_head, event::stream_ended, state::closed},
        {state::reading_head, event::interim_head_ended, state::awaiting_head},
        {state::reading_head, event::head_ended_without_body, state::complete},
        {state::reading_head, event::head_ended_with_length, state::reading_body},
        {state::reading_head, event::head_ended_with_chunks, state::reading_chunks},
        {state::reading_head, event::head_ended_without_framing, state::reading_to_end},
        {state::reading_head, event::violated, state::rejected},
        {state::reading_head, event::protocol_switched, state::switched},
        {state::reading_head, event::stream_ended, state::closed},
        {state::reading_body, event::body_ended, state::complete},
        {state::reading_body, event::stream_ended, state::closed},
        {state::reading_chunks, event::body_ended, state::complete},
        {state::reading_chunks, event::violated, state::rejected},
        {state::reading_chunks, event::stream_ended, state::closed},
        {state::reading_to_end, event::violated, state::rejected},
        {state::reading_to_end, event::stream_ended, state::complete},
        {state::complete, event::end_told, state::idle},
        {state::complete, event::last_end_told, state::closed},
        {state::complete, event::stream_ended, state::complete},
        {state::rejected, event::stream_ended, state::closed},
        {state::switched, event::stream_ended, state::closed},
        {state::closed, event::protocol_switched, state::switched},
        {state::closed, event::stream_ended, state::closed},
    });
    static_assert(table.reaches_every_state_from(state::idle));
    static_assert(table.leads_every_state_to(state::closed));
    static_assert(table.uses_every_event());
};

WEIR_API std::string_view to_string(message_order::state which) noexcept;
WEIR_API std::string_view to_string(message_order::event which) noexcept;

}  // namespace weir::inline v0::http
