// One field line, of a head or of a chunked body's trailers (RFC 9112 section 5).
#pragma once

#include "weir/http/field.hpp"
#include "weir/http/violation.hpp"

#include "ascii.hpp"
#include "scan.hpp"

namespace weir::inline v0::http {

// Two pointers, so that it travels in registers.
struct field_line_end {
    const char* next;  // behind the line; null where it is malformed or not all there
    const char* at;    // then: the byte that does not fit
};

// Fills `content` unless it answers null. Every scan stops at a line feed: where one lies in
// [first, last), a null `next` means malformed, else it may mean no more than that the rest has not
// come. From begin on, which is no later than first, memory is readable.
inline field_line_end parse_field_line(const char* first, const char* last, const char* begin,
                                       field& content) noexcept {
    const char* const colon = scan::skip_token(first, last, begin);
    if (colon == first || colon == last || *colon != ':') return {nullptr, colon};
    const char* start = colon + 1;
    if (start != last && *start == ' ') ++start;
    while (start != last && ascii::is_blank(*start)) [[unlikely]]
        ++start;
    const char* const line_end = scan::skip_value(start, last, begin);
    if (last - line_end < 2 || line_end[0] != '\r' || line_end[1] != '\n')
        return {nullptr, line_end};
    const char* end = line_end;
    while (end != start && ascii::is_blank(end[-1])) [[unlikely]]
        --end;
    content.name = {first, colon};
    content.value = {start, end};
    return {line_end + 2, line_end};
}

// Names what is wrong with a whole line that parse_field_line refused.
violation judge_field_line(const char* first, const char* last, const char* at) noexcept;

}  // namespace weir::inline v0::http
