#include "weir/http/request_machine.hpp"

namespace weir::inline v0::http {

action request_machine::next(bytes_view input, request_head& head) noexcept {
    return message_order::table.visit(state_,
                                      [&](auto now) noexcept { return step(now, input, head); });
}

request_machine::ending request_machine::end_of_stream() noexcept {
    const bool missing = inside();
    end_stream();
    return missing ? ending::premature : ending::clean;
}

// Whoever asks for a request expects one.
action request_machine::step(in_state<state::idle>, bytes_view input, request_head& head) noexcept {
    on(event::message_expected);
    return step(in_state<state::awaiting_head>{}, input, head);
}

// One empty line before a request line is ignored: old clients send one behind a body (RFC 9112
// section 2.2). It is consumed at once, so that it does not keep an idle connection's buffer.
action request_machine::step(in_state<state::awaiting_head>, bytes_view input,
                             request_head& head) noexcept {
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

action request_machine::step(in_state<state::reading_head>, bytes_view input,
                             request_head& head) noexcept {
    return read_head(input, 0, head);
}

// skipped bytes were consumed before input.
action request_machine::read_head(bytes_view input, std::size_t skipped,
                                  request_head& head) noexcept {
    const head_reader::state found = head_.read(as_text(input), head, *limits_);
    if (state_ == state::awaiting_head && head_.begun()) on(event::head_begun);
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
    empty_line_ = false;
    if (!head.keep_alive()) close_after_this();
    left_ = head.content_length().value_or(0);
    if (head.chunked())
        on(event::head_ended_with_chunks);
    else
        on(left_ > 0 ? event::head_ended_with_length : event::head_ended_without_body);
}

}  // namespace weir::inline v0::http
