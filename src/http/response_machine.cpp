#include "weir/http/response_machine.hpp"

namespace weir::inline v0::http {

void response_machine::expect(method asked, bool switch_asked) noexcept {
    asked_ = asked;
    switch_asked_ = switch_asked;
    on(event::message_expected);
}

action response_machine::next(bytes_view input, received_head& head) noexcept {
    action told = message_order::table.visit(
        state_, [&](auto now) noexcept { return step(now, input, head); });
    // Whatever a server did wrong is no fault of whoever the request was made for.
    if (told.what == action::kind::reject) told.answer = status::bad_gateway;
    return told;
}

response_machine::ending response_machine::end_of_stream() noexcept {
    const bool missing = inside() || state_ == state::awaiting_head;
    end_stream();
    return missing ? ending::premature : ending::clean;
}

action response_machine::step(in_state<state::idle>, bytes_view input, received_head&) noexcept {
    if (!input.empty()) return reject(violation::unrequested_response, 0);
    return action::told(action::kind::need_more);
}

action response_machine::step(in_state<state::awaiting_head>, bytes_view input,
                              received_head& head) noexcept {
    head.reset();
    return step(in_state<state::reading_head>{}, input, head);
}

action response_machine::step(in_state<state::reading_head>, bytes_view input,
                              received_head& head) noexcept {
    const head_reader::state found = head_.read(as_text(input), head, *limits_);
    if (state_ == state::awaiting_head && head_.begun()) on(event::head_begun);
    if (found == head_reader::state::broken) return reject(head_.why(), head_.offset());
    if (found != head_reader::state::complete) return action::told(action::kind::need_more);
    return is_interim(head.status()) ? end_interim(head) : end_head(head);
}

// 101 ends HTTP on this connection, which only who asked for another protocol can follow.
action response_machine::end_interim(const received_head& head) noexcept {
    const bool switches = head.status() == status::switching_protocols;
    if (switches && !switch_asked_) return reject(violation::unrequested_response, 0);
    action step = action::told(action::kind::head);
    step.consumed = head_.length();
    head_.restart();
    on(switches ? event::protocol_switched : event::interim_head_ended);
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
message_order::event response_machine::framing_of(const received_head& head) const noexcept {
    const bool bodiless = asked_ == method::head || head.status() == status::no_content ||
                          head.status() == status::not_modified;
    if (bodiless) return event::head_ended_without_body;
    if (head.chunked()) return event::head_ended_with_chunks;
    if (!head.content_length()) return event::head_ended_without_framing;
    return *head.content_length() > 0 ? event::head_ended_with_length
                                      : event::head_ended_without_body;
}

}  // namespace weir::inline v0::http
