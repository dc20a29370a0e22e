#include "weir/http/violation.hpp"

#include <array>
#include <cstddef>

namespace weir::inline v0::http {
namespace {

struct offence {
    violation which;
    status answer;
    std::string_view name;
    std::string_view sentence;
};

using enum violation;
using enum status;

constexpr std::array offences{
    offence{none, ok, "none", "Nothing is wrong."},
    offence{second_empty_line, bad_request, "second_empty_line",
            "More than one empty line comes before the request line."},
    offence{malformed_method, bad_request, "malformed_method", "The method is not a token."},
    offence{malformed_request_line, bad_request, "malformed_request_line",
            "The request line is not a method, a target and a version."},
    offence{malformed_target, bad_request, "malformed_target",
            "The request target is not valid for this method."},
    offence{malformed_version, bad_request, "malformed_version",
            "The request line does not end with an HTTP version."},
    offence{bare_line_feed, bad_request, "bare_line_feed", "A line ends with LF alone."},
    offence{bare_carriage_return, bad_request, "bare_carriage_return",
            "A CR is not followed by LF."},
    offence{space_before_field, bad_request, "space_before_field",
            "A field line starts with a space: folded lines are obsolete."},
    offence{space_before_colon, bad_request, "space_before_colon",
            "A space stands between a field's name and its colon."},
    offence{malformed_field_name, bad_request, "malformed_field_name",
            "A field's name is not a token."},
    offence{malformed_field_value, bad_request, "malformed_field_value",
            "A field's value holds a control character."},
    offence{missing_host, bad_request, "missing_host", "The request has no Host field."},
    offence{repeated_host, bad_request, "repeated_host",
            "The request has more than one Host field."},
    offence{malformed_host, bad_request, "malformed_host",
            "The Host field is not a host with an optional port."},
    offence{repeated_content_length, bad_request, "repeated_content_length",
            "The message has more than one Content-Length field."},
    offence{malformed_content_length, bad_request, "malformed_content_length",
            "The Content-Length field is not one decimal number."},
    offence{length_with_transfer_encoding, bad_request, "length_with_transfer_encoding",
            "The message has Content-Length and Transfer-Encoding."},
    offence{transfer_encoding_in_http_1_0, bad_request, "transfer_encoding_in_http_1_0",
            "HTTP/1.0 has no Transfer-Encoding."},
    offence{malformed_transfer_encoding, bad_request, "malformed_transfer_encoding",
            "Chunked is not the last coding, or not there exactly once."},
    offence{malformed_chunk_size, bad_request, "malformed_chunk_size",
            "A chunk size is not one to sixteen hexadecimal digits."},
    offence{malformed_chunk_extension, bad_request, "malformed_chunk_extension",
            "A chunk extension is malformed."},
    offence{malformed_chunk_end, bad_request, "malformed_chunk_end",
            "A chunk's data is not followed by CRLF."},
    offence{chunk_extensions_too_long, bad_request, "chunk_extensions_too_long",
            "The chunk extensions are too long."},
    offence{body_too_large, content_too_large, "body_too_large",
            "The body is larger than is read here."},
    offence{target_too_long, uri_too_long, "target_too_long",
            "The request target is longer than this server reads."},
    offence{unknown_expectation, expectation_failed, "unknown_expectation",
            "The only expectation that can be met is 100-continue."},
    offence{too_many_fields, request_header_fields_too_large, "too_many_fields",
            "The message has too many fields."},
    offence{fields_too_large, request_header_fields_too_large, "fields_too_large",
            "The message's fields are too large."},
    offence{trailers_too_large, request_header_fields_too_large, "trailers_too_large",
            "The message's trailers are too large."},
    offence{unknown_method, not_implemented, "unknown_method", "The method is not implemented."},
    offence{connect_not_offered, not_implemented, "connect_not_offered",
            "CONNECT is not offered: this server is no proxy."},
    offence{unknown_transfer_coding, not_implemented, "unknown_transfer_coding",
            "The only transfer coding is chunked."},
    offence{unknown_version, http_version_not_supported, "unknown_version",
            "The only major version spoken here is HTTP/1."},
    offence{malformed_status_line, bad_gateway, "malformed_status_line",
            "The status line is not a version, a status code and a reason phrase."},
    offence{unrequested_response, bad_gateway, "unrequested_response",
            "A response came that no request asked for."},
};

constexpr bool in_order() {
    for (std::size_t at = 0; at < offences.size(); ++at)
        if (static_cast<std::size_t>(offences[at].which) != at) return false;
    return offences.size() == static_cast<std::size_t>(unrequested_response) + 1;
}
static_assert(in_order());

const offence& find(violation which) noexcept { return offences[static_cast<std::size_t>(which)]; }

}  // namespace

std::string_view to_string(violation which) noexcept { return find(which).name; }
std::string_view describe(violation which) noexcept { return find(which).sentence; }
status status_of(violation which) noexcept { return find(which).answer; }

}  // namespace weir::inline v0::http
