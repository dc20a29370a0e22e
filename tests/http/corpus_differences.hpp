// Where this parser's verdict differs from the one that the corpus gives, what decides it, and what
// it may be instead. Requests of the llhttp modes called lenient and of gunicorn's configurations
// are judged under settings that do not exist here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir::inline v0::http {

enum class decided_by : std::uint8_t {
    behaviour,  // a row of BEHAVIOUR.md, whose words the text is
    us,     // where BEHAVIOUR.md is silent: src/http/README.md says so, in the words of the text
    input,  // nobody: it is not what its name says
};

struct corpus_reason {
    decided_by who;
    std::string_view text;
    std::array<std::string_view, 3> verdicts;  // that it may come to here
};

struct corpus_difference {
    std::string_view source;
    std::string_view file;  // the end of its path
    std::string_view name;
    std::string_view mode;
    corpus_reason why;
};

namespace corpus_table {

using reason = corpus_reason;
using row = corpus_difference;

inline constexpr std::string_view llhttp = "llhttp";
inline constexpr std::string_view gunicorn = "gunicorn";
inline constexpr std::string_view guardian = "http-desync-guardian";

inline constexpr decided_by behaviour = decided_by::behaviour;
inline constexpr decided_by us = decided_by::us;

inline constexpr reason spaces{
    behaviour,
    "space before colon, space before the first field, obs-fold, bad field name",
    {"400 space_before_field", "400 space_before_colon", "400 malformed_field_name"}};
inline constexpr reason lines{
    behaviour,
    "bare LF in start line or fields; bare CR anywhere; NUL, CR, LF in a value",
    {"400 bare_carriage_return", "400 bare_line_feed"}};
inline constexpr reason coding{
    behaviour, "unknown transfer coding", {"501 unknown_transfer_coding"}};
inline constexpr reason bad_coding{
    behaviour,
    "Transfer-Encoding in HTTP/1.0; chunked not last; `chunked, chunked`; `xchunked`",
    {"400 malformed_transfer_encoding"}};
inline constexpr reason length{
    behaviour, "Content-Length with Transfer-Encoding", {"400 length_with_transfer_encoding"}};
inline constexpr reason chunk{
    behaviour,
    "chunk size over 16 hex digits, `0x`, `_`, sign, leading or trailing space, bare LF",
    {"400 malformed_chunk_size"}};
inline constexpr reason method{behaviour, "unknown method 501", {"501 unknown_method"}};
inline constexpr reason connect{behaviour, "CONNECT 501", {"501 connect_not_offered"}};
inline constexpr reason version{
    behaviour, "major version other than 1: 505", {"505 unknown_version"}};
inline constexpr reason empty_line{
    behaviour, "leading empty line before a request line", {"400 second_empty_line"}};
inline constexpr reason limit{
    behaviour,
    "target over 8,000 octets 414; too many or too large fields 431; body over the limit 413",
    {"413 body_too_large", "414 target_too_long"}};
// The same row: theirs are lower.
inline constexpr reason within{behaviour, limit.text, {"read"}};
inline constexpr reason premature{behaviour, "end of stream inside a message", {"premature"}};
inline constexpr reason upgrade{behaviour, "HTTP until 101 has been sent", {"premature"}};
inline constexpr reason trailers{behaviour, "trailers", {"read"}};

inline constexpr reason control{
    us, "a value holds no control character but the tab", {"400 malformed_field_value"}};
inline constexpr reason chunk_end{
    us, "CRLF follows the data of a chunk", {"400 malformed_chunk_end"}};
inline constexpr reason request_line{
    us,
    "A request line is a method, a target and `HTTP/1.x` with one space between them",
    {"400 malformed_version", "400 malformed_request_line", "400 malformed_method"}};
inline constexpr reason target{
    us,
    "A target is visible ASCII without `#`; of the absolute forms only `http` and `https`",
    {"400 malformed_target"}};
inline constexpr reason user{us,
                             "An empty `Host` is no valid authority, user information neither",
                             {"400 malformed_target"}};
inline constexpr reason close{
    us, "What comes behind the last message of a connection is not read", {"read"}};
inline constexpr reason body{
    us, "A body is framed by its fields, whatever the method is", {"premature"}};
inline constexpr reason handler{us, "Only the exact names of framing fields count", {"read"}};

inline constexpr reason escape{decided_by::input,
                               "a backslash and letters, not the control character they stand for",
                               {"read"}};

inline constexpr std::array<row, 122> requests{{
    {gunicorn, "valid/028.http", "028", "config:strip_header_spaces", spaces},
    {gunicorn, "valid/compat_obs_fold.http", "compat_obs_fold", "config:permit_obsolete_folding",
     spaces},
    {gunicorn, "valid/compat_obs_fold_huge.http", "compat_obs_fold_huge",
     "config:permit_obsolete_folding", spaces},
    {guardian, "acceptable.yaml", "A non-essential header with a non-printable character (x01)",
     "default", spaces},
    {guardian, "acceptable.yaml", "CL and some others are non-compliant", "default", spaces},
    {guardian, "acceptable.yaml", "No TE/CL headers, some others are non-compliant", "default",
     spaces},
    {guardian, "acceptable.yaml", "TE and some others are non-compliant", "default", spaces},
    {guardian, "bad-header-characters.yaml", "Some-Header\\x01", "default", spaces},
    {guardian, "bad-header-characters.yaml", "\\x01Some-Header", "default", spaces},
    {llhttp, "connection.md", "Invalid whitespace token with `Connection` header field (lenient)",
     "request-lenient-headers", spaces},
    {llhttp, "connection.md", "Multiple tokens with folding", "request-lenient-headers", spaces},
    {llhttp, "connection.md", "Multiple tokens with folding, LWS, and CRLF",
     "request-lenient-headers", spaces},
    {llhttp, "content-length.md",
     "Invalid whitespace token with `Content-Length` header field (lenient)",
     "request-lenient-headers", spaces},
    {llhttp, "invalid.md", "Spaces before headers (lenient)", "request-lenient-headers", spaces},
    {llhttp, "sample.md", "Line folding in header value with CRLF", "request-lenient-headers",
     spaces},
    {llhttp, "sample.md", "X-SSL-Nonsense", "request-lenient-headers", spaces},
    {llhttp, "content-length.md", "Missing CRLF-CRLF before body (lenient)",
     "request-lenient-optional-lf-after-cr", lines},
    {llhttp, "invalid.md", "Only LFs present (lenient)", "request-lenient-all", lines},
    {llhttp, "lenient-headers.md", "Empty headers separated by CR (lenient)",
     "request-lenient-headers", lines},
    {llhttp, "sample.md", "No LF after CR (lenient)", "request-lenient-optional-lf-after-cr",
     lines},
    {llhttp, "transfer-encoding.md", "Chunk header not terminated by CRLF (lenient)",
     "request-lenient-optional-lf-after-cr", lines},
    {guardian, "bad-header-characters.yaml", "Some-Header: \\x01value", "default", control},
    {guardian, "bad-header-characters.yaml", "Some-Header: value\\x01", "default", control},
    {llhttp, "lenient-header-value-relaxed.md", "Control char in header value (relaxed)",
     "request-lenient-header-value-relaxed", control},
    {llhttp, "lenient-headers.md", "Header value (lenient)", "request-lenient-headers", control},
    {llhttp, "lenient-headers.md", "Second request header value (lenient)",
     "request-lenient-headers", control},
    {gunicorn, "valid/025.http", "025", "default", coding},
    {gunicorn, "valid/025_line.http", "025_line", "default", coding},
    {gunicorn, "valid/029.http", "029", "default", coding},
    {gunicorn, "valid/030.http", "030", "default", coding},
    {gunicorn, "valid/rfc9112_smuggle_gzip_chunked_01.http", "rfc9112_smuggle_gzip_chunked_01",
     "default", coding},
    {gunicorn, "valid/rfc9112_smuggle_te_identity_chunked_01.http",
     "rfc9112_smuggle_te_identity_chunked_01", "default", coding},
    {guardian, "more-compliant-tests.yaml", "Correct TE OK", "default", coding},
    {guardian, "more-compliant-tests.yaml",
     "Multiple transfer encoding headers in a single request OK", "default", coding},
    {guardian, "more-compliant-tests.yaml", "Transfer-Encoding: identity and chunked OK", "default",
     coding},
    {guardian, "rfc-compliant.yaml", "Different Transfer-Encoding headers", "default", coding},
    {guardian, "rfc-compliant.yaml", "Different Transfer-Encoding headers combined", "default",
     coding},
    {guardian, "more-compliant-tests.yaml", "TE with custom parameters OK", "default", bad_coding},
    {guardian, "rfc-compliant.yaml", "Transfer-Encoding with a param: chunked;custom_param",
     "default", bad_coding},
    {llhttp, "content-length.md",
     "No error on simultaneous `Content-Length` and `Transfer-Encoding: identity` (lenient)",
     "request-lenient-chunked-length", length},
    {llhttp, "transfer-encoding.md", "Space after chunk header (lenient)",
     "request-lenient-spaces-after-chunk-size", chunk},
    {llhttp, "transfer-encoding.md", "Chunk data not terminated by CRLF (lenient)",
     "request-lenient-optional-crlf-after-chunk", chunk_end},
    {gunicorn, "valid/031.http", "031", "default", method},
    {gunicorn, "valid/031compat.http", "031compat",
     "config:permit_unconventional_http_method,casefold_http_method", method},
    {gunicorn, "valid/031compat2.http", "031compat2", "config:permit_unconventional_http_method",
     method},
    {llhttp, "method.md", "LINK request", "request", method},
    {llhttp, "method.md", "M-SEARCH request", "request", method},
    {llhttp, "method.md", "PRI request HTTP2", "request", method},
    {llhttp, "method.md", "PURGE request", "request", method},
    {llhttp, "method.md", "QUERY request", "request", method},
    {llhttp, "method.md", "REPORT request", "request", method},
    {llhttp, "method.md", "SEARCH request", "request", method},
    {llhttp, "method.md", "SOURCE request", "request", method},
    {gunicorn, "valid/rfc9112_target_authority_connect_01.http",
     "rfc9112_target_authority_connect_01", "default", connect},
    {gunicorn, "valid/rfc9112_target_authority_ipv6_01.http", "rfc9112_target_authority_ipv6_01",
     "default", connect},
    {llhttp, "method.md", "CONNECT request", "request", connect},
    {llhttp, "method.md", "CONNECT request with CAPS", "request", connect},
    {llhttp, "method.md", "CONNECT with body", "request", connect},
    {llhttp, "uri.md", "Underscore in hostname", "request", connect},
    {guardian, "acceptable.yaml", "Non-RFC, but OK HTTP/0.9", "default", version},
    {llhttp, "lenient-version.md", "Invalid HTTP version (lenient)", "request-lenient-version",
     version},
    {gunicorn, "valid/pp_01.http", "pp_01", "config:proxy_protocol", request_line},
    {gunicorn, "valid/pp_02.http", "pp_02", "config:proxy_protocol", request_line},
    {gunicorn, "valid/pp_04.http", "pp_04", "config:proxy_protocol", request_line},
    {gunicorn, "valid/pp_05.http", "pp_05", "config:proxy_protocol", request_line},
    {guardian, "acceptable.yaml", "Empty version, which means HTTP/0.9", "default", request_line},
    {guardian, "uri-specific-test-cases.yaml", "Extra spaces in version", "default", request_line},
    {guardian, "uri-specific-test-cases.yaml", "[space] in URI", "default", request_line},
    {llhttp, "method.md", "ANNOUNCE request with RTSP", "request", request_line},
    {llhttp, "method.md", "OPTIONS request with RTSP", "request", request_line},
    {llhttp, "method.md", "SOURCE request with ICE", "request", request_line},
    {llhttp, "sample.md", "No HTTP version", "request", request_line},
    {gunicorn, "valid/005.http", "005", "default", target},
    {gunicorn, "valid/009.http", "009", "default", target},
    {gunicorn, "valid/027.http", "027", "default", target},
    {gunicorn, "valid/rfc9112_target_absolute_userinfo_01.http",
     "rfc9112_target_absolute_userinfo_01", "default", user},
    {guardian, "rfc-compliant.yaml", "Compliant URL", "default", target},
    {guardian, "rfc-compliant.yaml", "Empty URI", "default", target},
    {llhttp, "transfer-encoding.md", "POST with `Transfer-Encoding` and `Content-Length` (lenient)",
     "request-lenient-chunked-length", target},
    {llhttp, "transfer-encoding.md",
     "POST with `chunked` and duplicate transfer-encoding (lenient)",
     "request-lenient-transfer-encoding", target},
    {llhttp, "transfer-encoding.md", "POST with `chunked` as last transfer-encoding", "request",
     target},
    {llhttp, "transfer-encoding.md",
     "POST with `chunked` as last transfer-encoding (multiple headers)", "request", target},
    {llhttp, "transfer-encoding.md", "POST with `chunked` before other transfer-coding (lenient)",
     "request-lenient-transfer-encoding", target},
    {llhttp, "uri.md", "Fragment in URI", "request", target},
    {llhttp, "uri.md", "`host:port` and basic auth", "request", user},
    {llhttp, "connection.md", "CRLF between requests, implicit `keep-alive`", "request",
     empty_line},
    {gunicorn, "invalid/006.http", "006", "default", within},
    {gunicorn, "invalid/007.http", "007", "default", within},
    {gunicorn, "invalid/008.http", "008", "default", within},
    {gunicorn, "invalid/010.http", "010", "config:limit_request_field_size", within},
    {gunicorn, "invalid/011.http", "011", "config:limit_request_fields", within},
    {gunicorn, "invalid/012.http", "012", "config:limit_request_field_size", within},
    {gunicorn, "invalid/017.http", "017", "default", within},
    {gunicorn, "invalid/limit_header_default_01.http", "limit_header_default_01",
     "config:limit_request_field_size", within},
    {gunicorn, "valid/024.http", "024", "config:limit_request_line,limit_request_field_size",
     limit},
    {guardian, "more-compliant-tests.yaml", "Large Size OK", "default", limit},
    {gunicorn, "invalid/001.http", "001", "default", premature},
    {gunicorn, "invalid/rfc9112_chunked_missing_final_crlf_01.http",
     "rfc9112_chunked_missing_final_crlf_01", "default", premature},
    {llhttp, "invalid.md", "Invalid HTTP version", "request", premature},
    {llhttp, "invalid.md", "Invalid space after start line", "request", premature},
    {llhttp, "connection.md", "CRLF between requests, explicit `close`", "request", close},
    {llhttp, "connection.md", "CRLF between requests, explicit `close` followed by tab", "request",
     close},
    {llhttp, "connection.md", "No restart when keep-alive is off (1.0)", "request", close},
    {gunicorn, "invalid/rfc9110_trailer_forbidden_cl_01.http", "rfc9110_trailer_forbidden_cl_01",
     "default", trailers},
    {gunicorn, "invalid/rfc9110_trailer_forbidden_host_01.http",
     "rfc9110_trailer_forbidden_host_01", "default", trailers},
    {gunicorn, "invalid/rfc9110_trailer_forbidden_te_01.http", "rfc9110_trailer_forbidden_te_01",
     "default", trailers},
    {guardian, "ambiguous.yaml", "Get with a body and Content-Length", "default", body},
    {guardian, "ambiguous.yaml", "Get with a body and Transfer-Encoding", "default", body},
    {guardian, "ambiguous.yaml", "Head with a body and Content-Length", "default", body},
    {guardian, "ambiguous.yaml", "Head with a body and Transfer-Encoding", "default", body},
    {guardian, "real-life-test-cases.yaml", "Has a CL in GET", "default", body},
    {guardian, "real-life-test-cases.yaml", "Has a TE in GET", "default", body},
    {gunicorn, "invalid/019.http", "019", "config:forwarded_allow_ips", handler},
    {gunicorn, "invalid/040.http", "040", "config:header_map", handler},
    {gunicorn, "invalid/041.http", "041", "default", handler},
    {gunicorn, "invalid/chunked_07.http", "chunked_07", "config:header_map", handler},
    {guardian, "ambiguous.yaml", "Content_Length with underscore.", "default", handler},
    {guardian, "ambiguous.yaml", "Transfer-Encoding with multiple delimiters", "default", handler},
    {guardian, "ambiguous.yaml", "Transfer-Encoding with multiple hyphens", "default", handler},
    {guardian, "ambiguous.yaml", "Transfer_Encoding with underscore.", "default", handler},
    {gunicorn, "invalid/rfc9110_field_value_ctl_bel_01.http", "rfc9110_field_value_ctl_bel_01",
     "default", escape},
    {gunicorn, "invalid/rfc9110_field_value_ctl_del_01.http", "rfc9110_field_value_ctl_del_01",
     "default", escape},
}};

// Of responses, whose framing is read as strictly as a request's (README).
inline constexpr reason status_line{
    us,
    "A status line is `HTTP/1.x`, a code from 100 to 599, a space, and a reason phrase",
    {"502 malformed_status_line"}};
inline constexpr reason switches{us,
                                 "What was not expected is refused, 101 (Switching Protocols) too",
                                 {"502 unrequested_response"}};

inline constexpr std::array<row, 22> responses{{
    {llhttp, "transfer-encoding.md", "`chunked` before other transfer-encoding", "response",
     bad_coding},
    {llhttp, "transfer-encoding.md", "multiple transfer-encoding where chunked is not the last one",
     "response", bad_coding},
    {llhttp, "transfer-encoding.md",
     "`chunkedchunked` transfer-encoding does not enable chunked enconding", "response",
     bad_coding},
    {llhttp, "connection.md", "HTTP/1.1 with keep-alive disabled and 204 status", "response",
     close},
    {llhttp, "connection.md", "HTTP/1.1 with keep-alive disabled, content-length", "response",
     close},
    {llhttp, "invalid.md", "Invalid space after start line", "response", premature},
    {llhttp, "invalid.md", "Bare CR after response line (lenient)",
     "response-lenient-optional-lf-after-cr", lines},
    {llhttp, "invalid.md", "Only LFs present and no body (lenient)", "response-lenient-all", lines},
    {llhttp, "invalid.md", "Only LFs present (lenient)", "response-lenient-all", lines},
    {llhttp, "sample.md", "No carriage ret (lenient)", "response-lenient-optional-cr-before-lf",
     lines},
    {llhttp, "transfer-encoding.md", "Invalid OBS fold after chunked value",
     "response-lenient-headers", spaces},
    {llhttp, "connection.md", "HTTP 304 with Content-Length", "response", status_line},
    {llhttp, "connection.md", "HTTP 100 first, then 400", "response", status_line},
    {llhttp, "pipelining.md", "Should parse multiple events", "response", status_line},
    {llhttp, "sample.md", "RTSP response", "response", status_line},
    {llhttp, "sample.md", "ICE response", "response", status_line},
    {llhttp, "sample.md", "No reason phrase", "response", status_line},
    {llhttp, "sample.md", "Response starting with CRLF", "response", status_line},
    {llhttp, "connection.md", "HTTP 101 response with Upgrade and Content-Length header",
     "response", switches},
    {llhttp, "connection.md", "HTTP 101 response with Upgrade and Transfer-Encoding header",
     "response", switches},
    {llhttp, "lenient-version.md", "Invalid HTTP version (lenient)", "response-lenient-version",
     version},
    {llhttp, "sample.md", "HTTP version 0.9", "response", version},
}};

// What its source accepts and what ends here before it is whole. Any other that does is one of
// which too much was taken for a part of it.
inline constexpr std::array<row, 22> unfinished_requests{{
    {gunicorn, "valid/099.http", "099", "default", premature},
    {guardian, "more-compliant-tests.yaml", "Correct CL OK", "default", premature},
    {guardian, "more-compliant-tests.yaml", "HTTP Version.1.1 OK", "default", premature},
    {guardian, "more-compliant-tests.yaml", "Has a CL in PUT OK", "default", premature},
    {guardian, "more-compliant-tests.yaml", "Has a TE in PUT OK", "default", premature},
    {guardian, "more-compliant-tests.yaml", "Very many headers", "default", premature},
    {guardian, "rfc-compliant.yaml", "Valid Content-Length", "default", premature},
    {guardian, "rfc-compliant.yaml", "Valid Transfer-Encoding (chunked)", "default", premature},
    {guardian, "rfc-compliant.yaml",
     "Valid Transfer-Encoding (chunked) + custom header (non-ascii)", "default", premature},
    {llhttp, "content-length.md", "Content-Length reset when no body is received", "request",
     premature},
    {llhttp, "content-length.md", "Spaces in `Content-Length` (surrounding)", "request", premature},
    {llhttp, "content-length.md", "Tabs in `Content-Length` (surrounding)", "request", premature},
    {llhttp, "finish.md", "It should be unsafe to finish after incomplete PUT request",
     "request-finish", premature},
    {llhttp, "finish.md", "It should be unsafe to finish inside of the header", "request-finish",
     premature},
    {llhttp, "pipelining.md", "Should parse multiple events", "request", premature},
    {llhttp, "transfer-encoding.md", "Chunk extensions", "request", premature},
    {llhttp, "transfer-encoding.md", "Chunk extensions quoting", "request", premature},
    {llhttp, "transfer-encoding.md", "Parsing and setting flag", "request", premature},
    {llhttp, "connection.md", "Emitting part of body and pausing", "request", upgrade},
    {llhttp, "connection.md", "Multiple tokens with folding and LWS", "request", upgrade},
    {llhttp, "connection.md", "Upgrade GET request", "request", upgrade},
    {llhttp, "connection.md", "Upgrade POST request", "request", upgrade},
}};
inline constexpr std::array<row, 6> unfinished_responses{{
    {llhttp, "connection.md", "HTTP 103 first, then 200", "response", premature},
    {llhttp, "connection.md", "HTTP 304 with Transfer-Encoding", "response", premature},
    {llhttp, "content-length.md", "Content-Length reset when no body is received", "response",
     premature},
    {llhttp, "content-length.md", "Tabs in `Content-Length` (surrounding)", "response", premature},
    {llhttp, "sample.md", "Google 301", "response", premature},
    {llhttp, "transfer-encoding.md", "Chunk extensions quoting", "response", premature},
}};

}  // namespace corpus_table

}  // namespace weir::inline v0::http
