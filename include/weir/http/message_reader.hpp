// What reading messages has in common for a server (request_machine) and a client
// (response_machine): bodies, ends, and what is said about the connection.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/http/action.hpp"
#include "weir/http/chunked_reader.hpp"
#include "weir/http/head_reader.hpp"
#include "weir/http/keep_alive.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/message_head.hpp"
#include "weir/http/message_order.hpp"
#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

class WEIR_API message_reader {
public:
    using state = message_order::state;

    // How the peer's end of stream meets the machine. Call end_of_stream() when next() has answered
    // need_more for everything that came.
    enum class ending : std::uint8_t {
        clean,      // between messages, or where it ends a body: next() answers `end` then
        premature,  // a message that was begun, or a response that is expected, is not complete
    };

    // The message at hand, or else the next, is the last one: a drain, or a handler's wish.
    void close_after_this() noexcept { keep_alive_.on(keep_alive::event::close_asked); }
    // Whether another message may follow the one at hand; if not, a response says so.
    bool persists() const noexcept { return keep_alive_.persists(); }

    state now() const noexcept { return state_; }
    // Bytes of the body that were handed on.
    std::uint64_t body_received() const noexcept { return received_ + chunks_.received(); }

protected:
    using event = message_order::event;

    explicit message_reader(const limits& bounds WEIR_LIFETIMEBOUND) noexcept
        : limits_{&bounds}, body_limits_{&bounds} {}
    message_reader(const message_reader&) = default;
    message_reader& operator=(const message_reader&) = default;
    ~message_reader() = default;

    // The states in which both roles do the same.
    action step(in_state<state::reading_body>, bytes_view input, const message_head&) noexcept;
    action step(in_state<state::reading_chunks>, bytes_view input, const message_head&) noexcept;
    action step(in_state<state::reading_to_end>, bytes_view input, const message_head&) noexcept;
    action step(in_state<state::complete>, bytes_view, const message_head&) noexcept;
    action step(in_state<state::rejected>, bytes_view, const message_head&) noexcept;
    action step(in_state<state::switched>, bytes_view, const message_head&) noexcept;
    action step(in_state<state::closed>, bytes_view, const message_head&) noexcept;

    // A message has begun, and its end has not come.
    bool inside() const noexcept;
    void end_stream() noexcept;
    action end_message() noexcept;
    action hand_on(bytes_view piece) noexcept;
    action reject(violation why, std::uint64_t offset) noexcept;

    void on(event what) noexcept { state_ = message_order::table.after(state_, what); }

    const limits* limits_;
    const limits* body_limits_;  // of the message at hand
    std::uint64_t taken_ = 0;    // bytes of the message that were consumed
    std::uint64_t left_ = 0;     // of a body of known length
    std::uint64_t received_ = 0;
    head_reader head_;
    chunked_reader chunks_;
    keep_alive keep_alive_;
    state state_ = state::idle;
};

}  // namespace weir::inline v0::http
