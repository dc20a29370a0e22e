#include "weir/http/action.hpp"

namespace weir::inline v0::http {

std::string_view to_string(action::kind which) noexcept {
    switch (which) {
        case action::kind::need_more:
            return "need_more";
        case action::kind::head:
            return "head";
        case action::kind::body:
            return "body";
        case action::kind::end:
            return "end";
        case action::kind::reject:
            return "reject";
        case action::kind::closed:
            return "closed";
    }
    return "unknown";
}

}  // namespace weir::inline v0::http
