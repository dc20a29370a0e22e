#include "weir/http/response_machine.hpp"

#include <algorithm>

namespace weir::inline v0::http {

void response_machine::expect(method asked) noexcept {
    asked_ = asked;
    on(event::request_sent);
}

action response_machine::next(bytes_view input, received_head& head) noexcept {
    switch (state_) {
        case state::idle:
            if (!input.empty()) return reject(violation::unrequested_response, 0);
            return action::told(action::kind::need_more);
        case state::awaiting_head:
            head.reset();
            return read_head(input, head);
        case state::reading_head:
            return read_head(input, head);
        case state::reading_body:
            return read_body(input);
        case state::reading_chunks:
            return read_chunks(input);
        case state::reading_to_end:
            return read_to_end(input);
        case state::complete:
            return end_message();
        case state::rejected:
        case state::closed:
            return action::told(action::kind::closed);
    }
    return action::told(action::kind::closed);
}

response_machine::ending response_machine::end_of_stream() noexcept {
    const bool missing = state_ == state::awaiting_head || state_ == state::reading_head ||
                         state_ == state::reading_body || state_ == state::reading_chunks;
    on(event::stream_ended);
    keep_alive_.on(keep_alive::event::stream_ended);
    return missing ? ending::premature : ending::clean;
}

action response_machine::read_head(bytes_view input, received_head& head) noexcept {
    const head_reader::state found = head_.read(as_text(input), head, *limits_);
    if (state_ == state::awaiting_head && head_.begun()) on(event::head_begun);
    if (found == head_reader::state::broken) return reject(head_.why(), head_.offset());
    if (found != head_reader::state::complete) return action::told(action::kind::need_more);
    return is_interim(head.status()) ? end_interim(head) : end_head(head);
}

// 101 ends HTTP on this connection, which only who asked for an upgrade could follow.
action response_machine::end_interim(const received_head& head) noexcept {
    if (head.status() == status::switching_protocols)
        return reject(violation::unrequested_response, 0);
    action step = action::told(action::kind::head);
    step.consumed = head_.length();
    head_.restart();
    on(event::interim_head_ended);
    return step;
}

action response_machine::end_head(const received_head& head) noexcept {
    const event framed = framing_of(head);
    left_ = framed == event::head_ended_with_length ? head.content_length().value_or(0) : 0;
    if (left_ > limits_->max_body_bytes) return reject(violation::body_too_large, head_.length());
    if (!head.keep_alive() || framed == event::head_ended_without_framing) close_after_this();
    action step = action::told(action::kind::head);
    step.consumed = taken_ = head_.length();
    on(framed);
    return step;
}

// RFC 9112 section 6.3: what has no body comes first, whatever its fields say.
response_machine::event response_machine::framing_of(const received_head& head) const noexcept {
    const bool bodiless = asked_ == method::head || head.status() == status::no_content ||
                          head.status() == status::not_modified;
    if (bodiless) return event::head_ended_without_body;
    if (head.chunked()) return event::head_ended_with_chunks;
    if (!head.content_length()) return event::head_ended_without_framing;
    return *head.content_length() > 0 ? event::head_ended_with_length
                                      : event::head_ended_without_body;
}

action response_machine::read_body(bytes_view input) noexcept {
    if (input.empty()) return action::told(action::kind::need_more);
    const action step = hand_on(input.first(std::min<std::uint64_t>(input.size(), left_)));
    left_ -= step.consumed;
    if (left_ == 0) on(event::body_ended);
    return step;
}

action response_machine::read_to_end(bytes_view input) noexcept {
    if (input.empty()) return action::told(action::kind::need_more);
    if (input.size() > limits_->max_body_bytes - received_)
        return reject(violation::body_too_large, taken_ + received_);
    return hand_on(input);
}

action response_machine::hand_on(bytes_view piece) noexcept {
    action step = action::told(action::kind::body);
    step.body = piece;
    step.consumed = piece.size();
    received_ += piece.size();
    return step;
}

action response_machine::read_chunks(bytes_view input) noexcept {
    const chunked_reader::progress found = chunks_.read(input, *limits_);
    if (found.now == chunked_reader::state::broken)
        return reject(found.why, taken_ + found.consumed);
    taken_ += found.consumed;
    action step;
    if (found.now == chunked_reader::state::complete) {
        on(event::body_ended);
        step = end_message();
    } else if (!found.data.empty()) {
        step.what = action::kind::body;
        step.body = found.data;
    }
    step.consumed = found.consumed;
    return step;
}

action response_machine::end_message() noexcept {
    keep_alive_.on(keep_alive::event::message_ended);
    on(keep_alive_.closing() ? event::last_end_told : event::end_told);
    head_.restart();
    if (chunks_.now() == chunked_reader::state::complete) chunks_.restart();
    taken_ = received_ = 0;
    return action::told(action::kind::end);
}

action response_machine::reject(violation why, std::uint64_t offset) noexcept {
    on(event::violated);
    close_after_this();
    return action::rejection(why, offset);
}

std::string_view to_string(response_machine::state which) noexcept {
    switch (which) {
        case response_machine::state::idle:
            return "idle";
        case response_machine::state::awaiting_head:
            return "awaiting_head";
        case response_machine::state::reading_head:
            return "reading_head";
        case response_machine::state::reading_body:
            return "reading_body";
        case response_machine::state::reading_chunks:
            return "reading_chunks";
        case response_machine::state::reading_to_end:
            return "reading_to_end";
        case response_machine::state::complete:
            return "complete";
        case response_machine::state::rejected:
            return "rejected";
        case response_machine::state::closed:
            return "closed";
    }
    return "unknown";
}

std::string_view to_string(response_machine::event which) noexcept {
    switch (which) {
        case response_machine::event::request_sent:
            return "request_sent";
        case response_machine::event::head_begun:
            return "head_begun";
        case response_machine::event::interim_head_ended:
            return "interim_head_ended";
        case response_machine::event::head_ended_without_body:
            return "head_ended_without_body";
        case response_machine::event::head_ended_with_length:
            return "head_ended_with_length";
        case response_machine::event::head_ended_with_chunks:
            return "head_ended_with_chunks";
        case response_machine::event::head_ended_without_framing:
            return "head_ended_without_framing";
        case response_machine::event::body_ended:
            return "body_ended";
        case response_machine::event::end_told:
            return "end_told";
        case response_machine::event::last_end_told:
            return "last_end_told";
        case response_machine::event::violated:
            return "violated";
        case response_machine::event::stream_ended:
            return "stream_ended";
    }
    return "unknown";
}

}  // namespace weir::inline v0::http
