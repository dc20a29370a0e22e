// Status codes (RFC 9110 section 15; 428, 429, 431 and 511 from RFC 6585).
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"

namespace weir::inline v0::http {

enum class status : std::uint16_t {
    continue_ = 100,
    switching_protocols = 101,
    ok = 200,
    created = 201,
    accepted = 202,
    non_authoritative_information = 203,
    no_content = 204,
    reset_content = 205,
    partial_content = 206,
    multiple_choices = 300,
    moved_permanently = 301,
    found = 302,
    see_other = 303,
    not_modified = 304,
    use_proxy = 305,
    temporary_redirect = 307,
    permanent_redirect = 308,
    bad_request = 400,
    unauthorized = 401,
    payment_required = 402,
    forbidden = 403,
    not_found = 404,
    method_not_allowed = 405,
    not_acceptable = 406,
    proxy_authentication_required = 407,
    request_timeout = 408,
    conflict = 409,
    gone = 410,
    length_required = 411,
    precondition_failed = 412,
    content_too_large = 413,
    uri_too_long = 414,
    unsupported_media_type = 415,
    range_not_satisfiable = 416,
    expectation_failed = 417,
    misdirected_request = 421,
    unprocessable_content = 422,
    upgrade_required = 426,
    precondition_required = 428,
    too_many_requests = 429,
    request_header_fields_too_large = 431,
    internal_server_error = 500,
    not_implemented = 501,
    bad_gateway = 502,
    service_unavailable = 503,
    gateway_timeout = 504,
    http_version_not_supported = 505,
    network_authentication_required = 511,
};

constexpr unsigned code_of(status which) noexcept { return static_cast<unsigned>(which); }

// 100 to 199: an answer before the answer, without a body.
constexpr bool is_interim(status which) noexcept { return code_of(which) < 200; }

// The registered words; for a code that is not listed, the words of its class (RFC 9110
// section 15: an unknown x99 is treated as x00).
WEIR_API std::string_view reason_phrase(status which) noexcept;

}  // namespace weir::inline v0::http
