#include "weir/net/lifecycle.hpp"

namespace weir::inline v0::net {

std::string_view to_string(lifecycle::state which) noexcept {
    switch (which) {
        case lifecycle::state::open:
            return "open";
        case lifecycle::state::half_closed_remote:
            return "half_closed_remote";
        case lifecycle::state::draining:
            return "draining";
        case lifecycle::state::half_closed_local:
            return "half_closed_local";
        case lifecycle::state::closed:
            return "closed";
    }
    return "unknown";
}

std::string_view to_string(lifecycle::event which) noexcept {
    switch (which) {
        case lifecycle::event::peer_ended:
            return "peer_ended";
        case lifecycle::event::drain_began:
            return "drain_began";
        case lifecycle::event::shut_down:
            return "shut_down";
        case lifecycle::event::over:
            return "over";
    }
    return "unknown";
}

}  // namespace weir::inline v0::net
