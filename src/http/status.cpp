#include "weir/http/status.hpp"

#include <algorithm>
#include <array>

namespace weir::inline v0::http {
namespace {

struct row {
    status which;
    std::string_view phrase;
};

constexpr std::array table{
    row{status::continue_, "Continue"},
    row{status::switching_protocols, "Switching Protocols"},
    row{status::ok, "OK"},
    row{status::created, "Created"},
    row{status::accepted, "Accepted"},
    row{status::non_authoritative_information, "Non-Authoritative Information"},
    row{status::no_content, "No Content"},
    row{status::reset_content, "Reset Content"},
    row{status::partial_content, "Partial Content"},
    row{status::multiple_choices, "Multiple Choices"},
    row{status::moved_permanently, "Moved Permanently"},
    row{status::found, "Found"},
    row{status::see_other, "See Other"},
    row{status::not_modified, "Not Modified"},
    row{status::use_proxy, "Use Proxy"},
    row{status::temporary_redirect, "Temporary Redirect"},
    row{status::permanent_redirect, "Permanent Redirect"},
    row{status::bad_request, "Bad Request"},
    row{status::unauthorized, "Unauthorized"},
    row{status::payment_required, "Payment Required"},
    row{status::forbidden, "Forbidden"},
    row{status::not_found, "Not Found"},
    row{status::method_not_allowed, "Method Not Allowed"},
    row{status::not_acceptable, "Not Acceptable"},
    row{status::proxy_authentication_required, "Proxy Authentication Required"},
    row{status::request_timeout, "Request Timeout"},
    row{status::conflict, "Conflict"},
    row{status::gone, "Gone"},
    row{status::length_required, "Length Required"},
    row{status::precondition_failed, "Precondition Failed"},
    row{status::content_too_large, "Content Too Large"},
    row{status::uri_too_long, "URI Too Long"},
    row{status::unsupported_media_type, "Unsupported Media Type"},
    row{status::range_not_satisfiable, "Range Not Satisfiable"},
    row{status::expectation_failed, "Expectation Failed"},
    row{status::misdirected_request, "Misdirected Request"},
    row{status::unprocessable_content, "Unprocessable Content"},
    row{status::upgrade_required, "Upgrade Required"},
    row{status::precondition_required, "Precondition Required"},
    row{status::too_many_requests, "Too Many Requests"},
    row{status::request_header_fields_too_large, "Request Header Fields Too Large"},
    row{status::internal_server_error, "Internal Server Error"},
    row{status::not_implemented, "Not Implemented"},
    row{status::bad_gateway, "Bad Gateway"},
    row{status::service_unavailable, "Service Unavailable"},
    row{status::gateway_timeout, "Gateway Timeout"},
    row{status::http_version_not_supported, "HTTP Version Not Supported"},
    row{status::network_authentication_required, "Network Authentication Required"},
};
static_assert(std::ranges::is_sorted(table, {}, &row::which));

std::string_view class_phrase(unsigned code) noexcept {
    switch (code / 100) {
        case 1:
            return "Continue";
        case 2:
            return "OK";
        case 3:
            return "Multiple Choices";
        case 4:
            return "Bad Request";
        default:
            return "Internal Server Error";
    }
}

}  // namespace

std::string_view reason_phrase(status which) noexcept {
    const auto* const found = std::ranges::lower_bound(table, which, {}, &row::which);
    if (found == table.end() || found->which != which) return class_phrase(code_of(which));
    return found->phrase;
}

}  // namespace weir::inline v0::http
