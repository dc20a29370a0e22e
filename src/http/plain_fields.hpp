// Skims the field lines that nearly all lines are: a name of letters and dashes, a colon, one
// space, and a value of ASCII that neither starts nor ends with a blank nor holds a tab.
//
// Sixty-four bytes at a time, with AVX2 where the processor has it, with SSE2 where the compiler
// may count on it; nowhere else. What is not plain, malformed lines among it, is left to
// parse_field_line, so that nothing but speed depends on this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "weir/http/field.hpp"

namespace weir::inline v0::http {

struct skimmed_fields {
    const char* next;     // the first line that was not taken
    std::uint32_t count;  // 64 at most
    std::uint64_t known;  // a bit for each that control_fields may know, the lowest for the first
};

// In order of address; what is in [begin, last) is readable.
struct field_lines_text {
    const char* begin;
    const char* first;  // where a line begins
    const char* limit;  // no line that ends behind it is taken
    const char* last;
};

// Fills `into` from the plain lines at text.first. Stops at one that is not plain or not all there.
skimmed_fields skim_plain_fields(const field_lines_text& text, std::span<field> into) noexcept;

// The same by each of the ways, for who compares them. Null where it is not there.
namespace plain_fields {

constexpr std::ptrdiff_t block_size = 64;

using skimmer = skimmed_fields (*)(const field_lines_text& text, std::span<field> into) noexcept;

skimmer with_avx2() noexcept;
skimmer with_sse2() noexcept;
// Without vectors: takes none.
skimmed_fields leave_all(const field_lines_text& text, std::span<field> into) noexcept;

}  // namespace plain_fields

}  // namespace weir::inline v0::http
