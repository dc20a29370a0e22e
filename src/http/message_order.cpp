#include "weir/http/message_order.hpp"

namespace weir::inline v0::http {

std::string_view to_string(message_order::state which) noexcept {
    switch (which) {
        case message_order::state::idle:
            return "idle";
        case message_order::state::awaiting_head:
            return "awaiting_head";
        case message_order::state::reading_head:
            return "reading_head";
        case message_order::state::reading_body:
            return "reading_body";
        case message_order::state::reading_chunks:
            return "reading_chunks";
        case message_order::state::reading_to_end:
            return "reading_to_end";
        case message_order::state::complete:
            return "complete";
        case message_order::state::rejected:
            return "rejected";
        case message_order::state::switched:
            return "switched";
        case message_order::state::closed:
            return "closed";
    }
    return "unknown";
}

std::string_view to_string(message_order::event which) noexcept {
    switch (which) {
        case message_order::event::message_expected:
            return "message_expected";
        case message_order::event::head_begun:
            return "head_begun";
        case message_order::event::interim_head_ended:
            return "interim_head_ended";
        case message_order::event::head_ended_without_body:
            return "head_ended_without_body";
        case message_order::event::head_ended_with_length:
            return "head_ended_with_length";
        case message_order::event::head_ended_with_chunks:
            return "head_ended_with_chunks";
        case message_order::event::head_ended_without_framing:
            return "head_ended_without_framing";
        case message_order::event::body_ended:
            return "body_ended";
        case message_order::event::end_told:
            return "end_told";
        case message_order::event::last_end_told:
            return "last_end_told";
        case message_order::event::violated:
            return "violated";
        case message_order::event::protocol_switched:
            return "protocol_switched";
        case message_order::event::stream_ended:
            return "stream_ended";
    }
    return "unknown";
}

}  // namespace weir::inline v0::http
