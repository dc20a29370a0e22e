// What a peer did wrong. After a violation the connection closes and none of the bytes behind it
// is looked at.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/http/status.hpp"

namespace weir::inline v0::http {

enum class violation : std::uint8_t {
    none,
    second_empty_line,
    malformed_method,
    malformed_request_line,
    malformed_target,
    malformed_version,
    bare_line_feed,
    bare_carriage_return,
    space_before_field,
    space_before_colon,
    malformed_field_name,
    malformed_field_value,
    missing_host,
    repeated_host,
    malformed_host,
    repeated_content_length,
    malformed_content_length,
    length_with_transfer_encoding,
    transfer_encoding_in_http_1_0,
    malformed_transfer_encoding,
    malformed_chunk_size,
    malformed_chunk_extension,
    malformed_chunk_end,
    chunk_extensions_too_long,
    body_too_large,
    target_too_long,
    unknown_expectation,
    too_many_fields,
    fields_too_large,
    trailers_too_large,
    unknown_method,
    connect_not_offered,
    unknown_transfer_coding,
    unknown_version,
    malformed_status_line,
    unrequested_response,
};

// The enumerator's name, as it is written above.
WEIR_API std::string_view to_string(violation which) noexcept;
// A sentence for the peer's author, safe to send back: it quotes nothing.
WEIR_API std::string_view describe(violation which) noexcept;
// What a server answers a client that did it: 400, 413, 414, 417, 431, 501 or 505; `ok` for none.
// What only servers do is 502. A machine's rejection carries what its role answers (action.hpp).
WEIR_API status status_of(violation which) noexcept;

}  // namespace weir::inline v0::http
