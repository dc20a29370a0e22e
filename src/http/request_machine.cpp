#include "weir/http/request_machine.hpp"

#include <algorithm>

namespace weir::inline v0::http {
action request_machine::next(bytes_view input, request_head& head) noexcept {
    switch (state_) {
        case state::awaiting_request:
            return await_request(input, head);
        case state::reading_head:
            return read_head(input, 0, head);
        case state::reading_body:
            return read_body(input);
        case state::reading_chunks:
            return read_chunks(input);
        case state::complete:
            return end_message();
        case state::rejected:
        case state::closed:
            return action::told(action::kind::closed);
    }
    return action::told(action::kind::closed);
}

request_machine::ending request_machine::end_of_stream() noexcept {
    const bool inside = state_ == state::reading_head || state_ == state::reading_body ||
                        state_ == state::reading_chunks;
    on(event::stream_ended);
    keep_alive_.on(keep_alive::event::stream_ended);
    return inside ? ending::premature : ending::clean;
}

std::uint64_t request_machine::body_received() const noexcept {
    return received_ + chunks_.received();
}

// One empty line before a request line is ignored: old clients send one behind a body (RFC 9112
// section 2.2). It is consumed at once, so that it does not keep an idle connection's buffer.
action request_machine::await_request(bytes_view input, request_head& head) noexcept {
    head.reset();
    if (input.empty()) return action::told(action::kind::need_more);
    const std::string_view text = as_text(input);
    if (!text.starts_with('\r')) return read_head(input, 0, head);
    if (empty_line_) return reject(violation::second_empty_line, taken_);
    if (text.size() == 1) return action::told(action::kind::need_more);
    if (text[1] != '\n') return read_head(input, 0, head);
    empty_line_ = true;
    taken_ = empty_line_size;
    if (text.substr(empty_line_size).starts_with('\r'))
        return reject(violation::second_empty_line, taken_);
    return read_head(input.subspan(empty_line_size), empty_line_size, head);
}

// skipped bytes were consumed before input.
action request_machine::read_head(bytes_view input, std::size_t skipped,
                                  request_head& head) noexcept {
    const head_reader::state found = head_.read(as_text(input), head, *limits_);
    if (state_ == state::awaiting_request && head_.begun()) on(event::head_begun);
    if (found == head_reader::state::broken) return reject(head_.why(), taken_ + head_.offset());
    action step;
    step.consumed = skipped;
    if (found != head_reader::state::complete) return step;
    if (head.content_length().value_or(0) > limits_->max_body_bytes)
        return reject(violation::body_too_large, taken_ + head_.length());
    step.what = action::kind::head;
    step.consumed += head_.length();
    taken_ += head_.length();
    begin_body(head);
    return step;
}

void request_machine::begin_body(const request_head& head) noexcept {
    if (!head.keep_alive()) close_after_this();
    left_ = head.content_length().value_or(0);
    if (head.chunked())
        on(event::head_ended_with_chunks);
    else
        on(left_ > 0 ? event::head_ended_with_length : event::head_ended_without_body);
}

action request_machine::read_body(bytes_view input) noexcept {
    action step;
    if (input.empty()) return step;
    step.what = action::kind::body;
    step.consumed = std::min<std::uint64_t>(input.size(), left_);
    step.body = input.first(step.consumed);
    received_ += step.consumed;
    left_ -= step.consumed;
    if (left_ == 0) on(event::body_ended);
    return step;
}

action request_machine::read_chunks(bytes_view input) noexcept {
    const chunked_reader::progress found = chunks_.read(input, *body_limits_);
    if (found.now == chunked_reader::state::broken)
        return reject(found.why, taken_ + found.consumed);
    taken_ += found.consumed;
    if (found.now == chunked_reader::state::complete) {
        on(event::body_ended);
        action step = end_message();
        step.consumed = found.consumed;
        return step;
    }
    action step;
    step.consumed = found.consumed;
    step.body = found.data;
    if (!found.data.empty()) step.what = action::kind::body;
    return step;
}

action request_machine::end_message() noexcept {
    keep_alive_.on(keep_alive::event::message_ended);
    on(keep_alive_.closing() ? event::last_end_told : event::end_told);
    head_.restart();
    if (chunks_.now() == chunked_reader::state::complete) chunks_.restart();
    taken_ = received_ = 0;
    body_limits_ = limits_;
    empty_line_ = false;
    return action::told(action::kind::end);
}

action request_machine::reject(violation why, std::uint64_t offset) noexcept {
    on(event::violated);
    close_after_this();
    return action::rejection(why, offset);
}

std::string_view to_string(request_machine::state which) noexcept {
    switch (which) {
        case request_machine::state::awaiting_request:
            return "awaiting_request";
        case request_machine::state::reading_head:
            return "reading_head";
        case request_machine::state::reading_body:
            return "reading_body";
        case request_machine::state::reading_chunks:
            return "reading_chunks";
        case request_machine::state::complete:
            return "complete";
        case request_machine::state::rejected:
            return "rejected";
        case request_machine::state::closed:
            return "closed";
    }
    return "unknown";
}

std::string_view to_string(request_machine::event which) noexcept {
    switch (which) {
        case request_machine::event::head_begun:
            return "head_begun";
        case request_machine::event::head_ended_without_body:
            return "head_ended_without_body";
        case request_machine::event::head_ended_with_length:
            return "head_ended_with_length";
        case request_machine::event::head_ended_with_chunks:
            return "head_ended_with_chunks";
        case request_machine::event::body_ended:
            return "body_ended";
        case request_machine::event::end_told:
            return "end_told";
        case request_machine::event::last_end_told:
            return "last_end_told";
        case request_machine::event::violated:
            return "violated";
        case request_machine::event::stream_ended:
            return "stream_ended";
    }
    return "unknown";
}

}  // namespace weir::inline v0::http
