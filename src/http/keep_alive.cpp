#include "weir/http/keep_alive.hpp"

namespace weir::inline v0::http {

std::string_view to_string(keep_alive::state which) noexcept {
    switch (which) {
        case keep_alive::state::persistent:
            return "persistent";
        case keep_alive::state::last_message:
            return "last_message";
        case keep_alive::state::closing:
            return "closing";
    }
    return "unknown";
}

std::string_view to_string(keep_alive::event which) noexcept {
    switch (which) {
        case keep_alive::event::message_ended:
            return "message_ended";
        case keep_alive::event::close_asked:
            return "close_asked";
        case keep_alive::event::stream_ended:
            return "stream_ended";
    }
    return "unknown";
}

}  // namespace weir::inline v0::http
