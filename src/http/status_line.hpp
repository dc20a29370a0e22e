// The status line (RFC 9112 section 4), cut at its spaces.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

// Whole, its line end included; nobody looks at the reason phrase.
inline constexpr std::size_t longest_status_line = 1024;

struct status_line {
    std::uint16_t code = 0;  // 100 to 599
    char major = 0;          // digits of the version
    char minor = 0;
    const char* next = nullptr;  // behind the line; null where it is malformed or not all there
    const char* at = nullptr;    // then: the byte that does not fit
};

// As with field lines, a null `next` means malformed only where a line feed lies in [first, last).
status_line parse_status_line(const char* first, const char* last) noexcept;

// Names what is wrong with a whole line that parse_status_line refused at a byte.
violation judge_status_line(const char* at, const char* last) noexcept;

}  // namespace weir::inline v0::http
