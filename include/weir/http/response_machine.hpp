// The client's side of reading HTTP/1.1: bytes go in, actions come out, no socket in sight.
//
// The driver calls expect() when it asks for a response, then next() as with a request_machine, and
// consumes step.consumed bytes after every step. What comes without having been expected is a
// violation, so that a connection whose peer talks out of turn is never used again. With requests
// in flight behind one another, expect() is called for the next one after each `end`.
//
// A `head` action with an interim status (1xx) is not the response: its head follows.
//
// Lifetime: as in request_machine.hpp. One loop uses a machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/transition_table.hpp"
#include "weir/http/action.hpp"
#include "weir/http/chunked_reader.hpp"
#include "weir/http/head_reader.hpp"
#include "weir/http/keep_alive.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/method.hpp"
#include "weir/http/received_head.hpp"
#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

class WEIR_API response_machine {
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
        closed,
    };
    enum class event : std::uint8_t {
        request_sent,
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
        stream_ended,
    };

    static constexpr auto table = make_table<state::closed, event::stream_ended>({
        {state::idle, event::request_sent, state::awaiting_head},
        {state::idle, event::violated, state::rejected},
        {state::idle, event::stream_ended, state::closed},
        {state::awaiting_head, event::head_begun, state::reading_head},
        {state::awaiting_head, event::stream_ended, state::closed},
        {state::reading_head, event::interim_head_ended, state::awaiting_head},
        {state::reading_head, event::head_ended_without_body, state::complete},
        {state::reading_head, event::head_ended_with_length, state::reading_body},
        {state::reading_head, event::head_ended_with_chunks, state::reading_chunks},
        {state::reading_head, event::head_ended_without_framing, state::reading_to_end},
        {state::reading_head, event::violated, state::rejected},
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
        {state::closed, event::stream_ended, state::closed},
    });
    static_assert(table.reaches_every_state_from(state::idle));
    static_assert(table.leads_every_state_to(state::closed));
    static_assert(table.uses_every_event());

    explicit response_machine(const limits& bounds WEIR_LIFETIMEBOUND) noexcept
        : limits_{&bounds} {}

    // A request with this method has been sent, and its response is the next to come. Only where
    // idle() is true. CONNECT is not spoken.
    void expect(method asked) noexcept;
    // The first calls of a response fill head, which the machine resets when it begins; the calls
    // from its `head` action to its `end` do not touch it.
    action next(bytes_view input, received_head& head) noexcept;

    // How the peer's end of stream meets the machine. Call it when next() has answered need_more
    // for everything that came.
    enum class ending : std::uint8_t {
        clean,      // between responses, or where it ends a body: next() answers `end` then
        premature,  // a response is missing, or not all of it came
    };
    ending end_of_stream() noexcept;

    // The response at hand, or else the next, is the last one.
    void close_after_this() noexcept { keep_alive_.on(keep_alive::event::close_asked); }
    // Whether another request may be sent on this connection.
    bool persists() const noexcept { return keep_alive_.persists(); }

    // No response is expected, and none has begun.
    bool idle() const noexcept { return state_ == state::idle; }
    state now() const noexcept { return state_; }
    // Bytes of the body that were handed on.
    std::uint64_t body_received() const noexcept { return received_ + chunks_.received(); }

private:
    action read_head(bytes_view input, received_head& head) noexcept;
    action end_head(const received_head& head) noexcept;
    action end_interim(const received_head& head) noexcept;
    event framing_of(const received_head& head) const noexcept;
    action read_body(bytes_view input) noexcept;
    action read_chunks(bytes_view input) noexcept;
    action read_to_end(bytes_view input) noexcept;
    action hand_on(bytes_view piece) noexcept;
    action end_message() noexcept;
    action reject(violation why, std::uint64_t offset) noexcept;

    void on(event what) noexcept { state_ = table.after(state_, what); }

    const limits* limits_;
    std::uint64_t taken_ = 0;  // bytes of the message that were consumed
    std::uint64_t left_ = 0;   // of a body of known length
    std::uint64_t received_ = 0;
    head_reader head_;
    chunked_reader chunks_;
    keep_alive keep_alive_;
    method asked_ = method::get;
    state state_ = state::idle;
};

WEIR_API std::string_view to_string(response_machine::state which) noexcept;
WEIR_API std::string_view to_string(response_machine::event which) noexcept;

}  // namespace weir::inline v0::http
