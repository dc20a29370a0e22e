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
#include "weir/http/request_head.hpp"
#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

class WEIR_API request_machine {
public:
    enum class state : std::uint8_t {
        awaiting_request,
        reading_head,
        reading_body,
        reading_chunks,
        complete,
        rejected,
        closed,
    };
    enum class event : std::uint8_t {
        head_begun,
        head_ended_without_body,
        head_ended_with_length,
        head_ended_with_chunks,
        body_ended,
        end_told,
        last_end_told,
        violated,
        stream_ended,
    };

    static constexpr auto table = make_table<state::closed, event::stream_ended>({
        {state::awaiting_request, event::head_begun, state::reading_head},
        {state::awaiting_request, event::violated, state::rejected},
        {state::awaiting_request, event::stream_ended, state::closed},
        {state::reading_head, event::head_ended_without_body, state::complete},
        {state::reading_head, event::head_ended_with_length, state::reading_body},
        {state::reading_head, event::head_ended_with_chunks, state::reading_chunks},
        {state::reading_head, event::violated, state::rejected},
        {state::reading_head, event::stream_ended, state::closed},
        {state::reading_body, event::body_ended, state::complete},
        {state::reading_body, event::stream_ended, state::closed},
        {state::reading_chunks, event::body_ended, state::complete},
        {state::reading_chunks, event::violated, state::rejected},
        {state::reading_chunks, event::stream_ended, state::closed},
        {state::complete, event::end_told, state::awaiting_request},
        {state::complete, event::last_end_told, state::closed},
        {state::complete, event::stream_ended, state::complete},
        {state::rejected, event::stream_ended, state::closed},
        {state::closed, event::stream_ended, state::closed},
    });
    static_assert(table.reaches_every_state_from(state::awaiting_request));
    static_assert(table.leads_every_state_to(state::closed));
    static_assert(table.uses_every_event());

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
        : limits_{&bounds}, body_limits_{&bounds}, empty_line_{before.empty_line_} {
        if (empty_line_) taken_ = empty_line_size;
    }

    // The first calls of a request fill head, which the machine resets when it begins; the calls
    // from its `head` action to its `end` do not touch it.
    action next(bytes_view input, request_head& head) noexcept;

    // From the head action on, this request's body is read within these limits, which are no wider
    // than the machine's own. False where it is announced as larger: answer 413 and close.
    // Lifetime: bounds outlive the request.
    bool limit_body(const limits& bounds) noexcept {
        body_limits_ = &bounds;
        return left_ <= bounds.max_body_bytes;
    }

    // How the peer's end of stream meets the machine. Call it when next() has answered need_more
    // for everything that came.
    enum class ending : std::uint8_t {
        clean,      // between messages; a request that is complete is still to be answered
        premature,  // inside a message: its handler is cancelled
    };
    ending end_of_stream() noexcept;

    // The request at hand, or else the next, is the last one: a drain, or a handler's wish.
    void close_after_this() noexcept { keep_alive_.on(keep_alive::event::close_asked); }
    // Whether another request may follow the one at hand; if not, its response says so.
    bool persists() const noexcept { return keep_alive_.persists(); }

    // Nothing of a next request has come: the connection may be closed without loss.
    bool idle() const noexcept { return state_ == state::awaiting_request; }
    // Only where it is idle and persists.
    pause rest() const noexcept { return pause{empty_line_}; }
    state now() const noexcept { return state_; }
    // Bytes of the body that were handed on.
    std::uint64_t body_received() const noexcept;

private:
    action await_request(bytes_view input, request_head& head) noexcept;
    action read_head(bytes_view input, std::size_t skipped, request_head& head) noexcept;
    void begin_body(const request_head& head) noexcept;
    action read_body(bytes_view input) noexcept;
    action read_chunks(bytes_view input) noexcept;
    action end_message() noexcept;
    action reject(violation why, std::uint64_t offset) noexcept;

    void on(event what) noexcept { state_ = table.after(state_, what); }

    static constexpr std::uint64_t empty_line_size = 2;

    const limits* limits_;
    const limits* body_limits_;
    std::uint64_t taken_ = 0;  // bytes of the message that were consumed
    std::uint64_t left_ = 0;   // of a body of known length
    std::uint64_t received_ = 0;
    head_reader head_;
    chunked_reader chunks_;
    keep_alive keep_alive_;
    bool empty_line_ = false;  // the one that is ignored has come
    state state_ = state::awaiting_request;
};

WEIR_API std::string_view to_string(request_machine::state which) noexcept;
WEIR_API std::string_view to_string(request_machine::event which) noexcept;

}  // namespace weir::inline v0::http
