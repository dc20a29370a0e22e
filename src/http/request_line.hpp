// The request line (RFC 9112 section 3), cut at its spaces.
#pragma once

#include <string_view>

#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

struct request_line {
    std::string_view method;
    std::string_view target;  // not empty, visible ASCII
    char major = 0;           // digits of the version
    char minor = 0;
    const char* next = nullptr;  // behind the line; null where it is malformed or not all there
    const char* at = nullptr;    // then: the byte that does not fit
};

// first points at a token character. As with field lines, a null `next` means malformed only where
// a line feed lies in [first, last).
request_line parse_request_line(const char* first, const char* last) noexcept;

// Names what is wrong with a whole line that parse_request_line refused.
violation judge_request_line(const request_line& line, const char* last) noexcept;

}  // namespace weir::inline v0::http
