#include "weir/http/error_response.hpp"

#include <string_view>

namespace weir::inline v0::http {
namespace {

response try_later() {
    response answer{status::service_unavailable,
                    "Content-Type: application/problem+json\r\nRetry-After: 1\r\n"};
    answer.set_body(R"({"title":"Service Unavailable","status":503})");
    return answer;
}

bool is_for_the_peer(status which) noexcept {
    switch (code_of(which)) {
        case 400:
        case 403:
        case 404:
        case 413:
        case 415:
        case 501:
            return true;
        default:
            return false;
    }
}

// What whoever asked should know before it asks again.
std::string_view about(errc code) noexcept {
    if (code == errc::outcome_unknown)
        return "it may have been done, or not: only what may be done twice should be sent again";
    return {};
}

}  // namespace

status status_of(errc code) noexcept {
    switch (code) {
        case errc::invalid_argument:
        case errc::malformed:
            return status::bad_request;
        case errc::permission_denied:
            return status::forbidden;
        case errc::not_found:
            return status::not_found;
        case errc::conflict:
            return status::conflict;
        case errc::too_large:
            return status::content_too_large;
        case errc::unsupported:
            return status::not_implemented;
        case errc::unsupported_type:
            return status::unsupported_media_type;
        case errc::overloaded:
        case errc::timed_out:
        case errc::unavailable:
        case errc::out_of_memory:
            return status::service_unavailable;
        case errc::bad_response:
            return status::bad_gateway;
        case errc::end_of_stream:
        case errc::canceled:
        case errc::closed:
        case errc::reset:
        case errc::refused:
        case errc::unreachable:
        case errc::address_in_use:
        case errc::outcome_unknown:
        case errc::storage:
        case errc::internal:
        case errc::system:
            return status::internal_server_error;
    }
    return status::internal_server_error;
}

response answer_to(const error& why) {
    const status answer = status_of(why.code());
    if (answer == status::service_unavailable) return try_later();
    const std::string_view own = to_string(why.code());
    const bool told = is_for_the_peer(answer) && why.text() != own;
    const bool decides = why == errc::outcome_unknown || why == errc::storage;
    const std::string_view detail = told ? why.text() : about(why.code());
    return problem(answer, reason_phrase(answer), detail, decides ? own : std::string_view{});
}

}  // namespace weir::inline v0::http
