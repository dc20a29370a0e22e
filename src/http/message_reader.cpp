#include "weir/http/message_reader.hpp"

#include <algorithm>

namespace weir::inline v0::http {

action message_reader::step(in_state<state::reading_body>, bytes_view input,
                            const message_head&) noexcept {
    if (input.empty()) return action::told(action::kind::need_more);
    const action step = hand_on(input.first(std::min<std::uint64_t>(input.size(), left_)));
    left_ -= step.consumed;
    if (left_ == 0) on(event::body_ended);
    return step;
}

action message_reader::step(in_state<state::reading_chunks>, bytes_view input,
                            const message_head&) noexcept {
    const chunked_reader::progress found = chunks_.read(input, *body_limits_);
    if (found.now == chunked_reader::state::broken)
        return reject(found.why, taken_ + found.consumed);
    taken_ += found.consumed;
    action step;
    if (found.now == chunked_reader::state::complete) {
        on(event::body_ended);
        step = end_message();
        step.body = found.trailers;
    } else if (!found.data.empty()) {
        step.what = action::kind::body;
        step.body = found.data;
    }
    step.consumed = found.consumed;
    return step;
}

action message_reader::step(in_state<state::reading_to_end>, bytes_view input,
                            const message_head&) noexcept {
    if (input.empty()) return action::told(action::kind::need_more);
    const std::uint64_t room = body_limits_->max_body_bytes - received_;
    if (room == 0) return reject(violation::body_too_large, taken_ + received_);
    return hand_on(input.first(std::min<std::uint64_t>(input.size(), room)));
}

action message_reader::step(in_state<state::complete>, bytes_view, const message_head&) noexcept {
    return end_message();
}

// A rejection is final: nothing behind it is looked at.
action message_reader::step(in_state<state::rejected>, bytes_view, const message_head&) noexcept {
    return action::told(action::kind::closed);
}

// What follows is another protocol's.
action message_reader::step(in_state<state::switched>, bytes_view, const message_head&) noexcept {
    return action::told(action::kind::closed);
}

action message_reader::step(in_state<state::closed>, bytes_view, const message_head&) noexcept {
    return action::told(action::kind::closed);
}

bool message_reader::inside() const noexcept {
    return state_ == state::reading_head || state_ == state::reading_body ||
           state_ == state::reading_chunks;
}

void message_reader::end_stream() noexcept {
    on(event::stream_ended);
    keep_alive_.on(keep_alive::event::stream_ended);
}

action message_reader::end_message() noexcept {
    keep_alive_.on(keep_alive::event::message_ended);
    on(keep_alive_.closing() ? event::last_end_told : event::end_told);
    head_.restart();
    if (chunks_.now() == chunked_reader::state::complete) chunks_.restart();
    taken_ = received_ = 0;
    body_limits_ = limits_;
    return action::told(action::kind::end);
}

action message_reader::hand_on(bytes_view piece) noexcept {
    action step = action::told(action::kind::body);
    step.body = piece;
    step.consumed = piece.size();
    received_ += piece.size();
    return step;
}

action message_reader::reject(violation why, std::uint64_t offset) noexcept {
    on(event::violated);
    close_after_this();
    return action::rejection(why, offset);
}

}  // namespace weir::inline v0::http
