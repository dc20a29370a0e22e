#include "weir/http/status.hpp"

#include <array>
#include <cstdint>

namespace weir::inline v0::http {
namespace {

struct phrase_row {
    status which;
    std::string_view phrase;
};

constexpr std::array phrases{
    phrase_row{status::continue_, "Continue"},
    phrase_row{status::switching_protocols, "Switching Protocols"},
    phrase_row{status::ok, "OK"},
    phrase_row{status::created, "Created"},
    phrase_row{status::accepted, "Accepted"},
    phrase_row{status::non_authoritative_information, "Non-Authoritative Information"},
    phrase_row{status::no_content, "No Content"},
    phrase_row{status::reset_content, "Reset Content"},
    phrase_row{status::partial_content, "Partial Content"},
    phrase_row{status::multiple_choices, "Multiple Choices"},
    phrase_row{status::moved_permanently, "Moved Permanently"},
    phrase_row{status::found, "Found"},
    phrase_row{status::see_other, "See Other"},
    phrase_row{status::not_modified, "Not Modified"},
    phrase_row{status::use_proxy, "Use Proxy"},
    phrase_row{status::temporary_redirect, "Temporary Redirect"},
    phrase_row{status::permanent_redirect, "Permanent Redirect"},
    phrase_row{status::bad_request, "Bad Request"},
    phrase_row{status::unauthorized, "Unauthorized"},
    phrase_row{status::payment_required, "Payment Required"},
    phrase_row{status::forbidden, "Forbidden"},
    phrase_row{status::not_found, "Not Found"},
    phrase_row{status::method_not_allowed, "Method Not Allowed"},
    phrase_row{status::not_acceptable, "Not Acceptable"},
    phrase_row{status::proxy_authentication_required, "Proxy Authentication Required"},
    phrase_row{status::request_timeout, "Request Timeout"},
    phrase_row{status::conflict, "Conflict"},
    phrase_row{status::gone, "Gone"},
    phrase_row{status::length_required, "Length Required"},
    phrase_row{status::precondition_failed, "Precondition Failed"},
    phrase_row{status::content_too_large, "Content Too Large"},
    phrase_row{status::uri_too_long, "URI Too Long"},
    phrase_row{status::unsupported_media_type, "Unsupported Media Type"},
    phrase_row{status::range_not_satisfiable, "Range Not Satisfiable"},
    phrase_row{status::expectation_failed, "Expectation Failed"},
    phrase_row{status::misdirected_request, "Misdirected Request"},
    phrase_row{status::unprocessable_content, "Unprocessable Content"},
    phrase_row{status::upgrade_required, "Upgrade Required"},
    phrase_row{status::precondition_required, "Precondition Required"},
    phrase_row{status::too_many_requests, "Too Many Requests"},
    phrase_row{status::request_header_fields_too_large, "Request Header Fields Too Large"},
    phrase_row{status::internal_server_error, "Internal Server Error"},
    phrase_row{status::not_implemented, "Not Implemented"},
    phrase_row{status::bad_gateway, "Bad Gateway"},
    phrase_row{status::service_unavailable, "Service Unavailable"},
    phrase_row{status::gateway_timeout, "Gateway Timeout"},
    phrase_row{status::http_version_not_supported, "HTTP Version Not Supported"},
    phrase_row{status::network_authentication_required, "Network Authentication Required"},
};

// By code: where its row stands, or that it has none. Every response asks.
constexpr std::uint8_t no_row = 0xFF;
constexpr std::array<std::uint8_t, 600> rows = [] {
    std::array<std::uint8_t, 600> made{};
    made.fill(no_row);
    std::uint8_t row = 0;
    for (const phrase_row& each : phrases) made[code_of(each.which)] = row++;
    return made;
}();

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
    const unsigned code = code_of(which);
    const std::uint8_t row = code < rows.size() ? rows[code] : no_row;
    return row == no_row ? class_phrase(code) : phrases[row].phrase;
}

}  // namespace weir::inline v0::http
