// Finds the first byte that ends a token, a target or a value: the inner loops of the parser.
//
// Sixteen bytes at a time where the compiler's baseline has SSE2, byte by byte elsewhere; both
// stop at the same byte (tests/http/scan_test.cpp compares them). Nothing is chosen when the
// program runs: most runs are shorter than a call costs (docs/adr/0020). Nothing behind `last` is
// read, so the last bytes are looked at together with those before them, as far back as `begin`:
// what lies in [begin, last) is readable.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir::inline v0::http::scan {

enum byte_class : std::uint8_t { token = 1, target = 2, value = 4, host_name = 8 };

// For each byte the classes it belongs to.
extern const std::array<std::uint8_t, 256> classes;

inline bool is(char c, byte_class which) noexcept {
    return (classes[static_cast<unsigned char>(c)] & which) != 0;
}

// The first byte in [first, last) that is not of the class, or last.
inline const char* skip_bytewise(const char* first, const char* last, byte_class which) noexcept {
    while (first != last && is(*first, which)) ++first;
    return first;
}

// All there is without SSE2; it is compiled with it, too, for who compares the two.
namespace portable {

inline const char* skip_token(const char* first, const char* last, const char*) noexcept {
    return skip_bytewise(first, last, token);
}

inline const char* skip_host_name(const char* first, const char* last, const char*) noexcept {
    return skip_bytewise(first, last, host_name);
}

inline const char* skip_target(const char* first, const char* last, const char*) noexcept {
    return skip_bytewise(first, last, target);
}

inline const char* skip_value(const char* first, const char* last, const char*) noexcept {
    return skip_bytewise(first, last, value);
}

}  // namespace portable

#if defined(__SSE2__)

namespace detail {

constexpr std::ptrdiff_t width = 16;

inline __m128i load(const char* from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// Nonzero bytes of a mask mark bytes that end the run.
inline unsigned marks(__m128i mask) noexcept {
    return static_cast<unsigned>(_mm_movemask_epi8(mask));
}

// Signed comparison: bytes from 0x80 on are negative, hence also not above a space.
inline unsigned target_ends(__m128i bytes) noexcept {
    const __m128i visible = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(0x20));
    const __m128i bad = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)),
                                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#')));
    return (marks(visible) ^ 0xFFFFU) | marks(bad);
}

// Unsigned: the larger of a byte and 0x1F is 0x1F for control characters only.
inline unsigned value_ends(__m128i bytes) noexcept {
    const __m128i edge = _mm_set1_epi8(0x1F);
    const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, edge), edge);
    const __m128i tab = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
    const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F));
    return marks(_mm_or_si128(_mm_andnot_si128(tab, control), del));
}

// Signed comparison again: bytes from 0x80 on are below all letters.
inline __m128i letters(__m128i bytes) noexcept {
    const __m128i small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    return _mm_and_si128(_mm_cmpgt_epi8(small, _mm_set1_epi8('a' - 1)),
                         _mm_cmplt_epi8(small, _mm_set1_epi8('z' + 1)));
}

// The bytes that names are made of nearly always; fewer than may be in a token.
inline __m128i common_in_names(__m128i bytes) noexcept {
    return _mm_or_si128(letters(bytes), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
}

inline unsigned common_name_ends(__m128i bytes) noexcept {
    return marks(common_in_names(bytes)) ^ 0xFFFFU;
}

// Letters, digits, dots and dashes; fewer than may be in a host's name.
inline unsigned common_host_ends(__m128i bytes) noexcept {
    const __m128i other = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('-' - 1)),
                                        _mm_cmplt_epi8(bytes, _mm_set1_epi8('9' + 1)));
    const __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'));
    return marks(_mm_or_si128(letters(bytes), _mm_andnot_si128(slash, other))) ^ 0xFFFFU;
}

// The first end in [first, last), which is shorter than a load.
template <auto Ends>
const char* skip_tail(const char* first, const char* last) noexcept {
    const unsigned found = Ends(load(last - width)) >> (width - (last - first));
    return found != 0 ? first + std::countr_zero(found) : last;
}

// Skips the bytes that a class is made of nearly always without a branch a byte. Rarer ones are
// left to the table.
template <byte_class Which, auto Ends>
const char* skip_common(const char* first, const char* last, const char* begin) noexcept {
    for (; last - first >= width; first += width)
        if (const unsigned found = Ends(load(first)))
            return skip_bytewise(first + std::countr_zero(found), last, Which);
    if (last - begin >= width) first = skip_tail<Ends>(first, last);
    return skip_bytewise(first, last, Which);
}

}  // namespace detail

// A name is short and its length unforeseeable.
inline const char* skip_token(const char* first, const char* last, const char* begin) noexcept {
    return detail::skip_common<token, detail::common_name_ends>(first, last, begin);
}

inline const char* skip_host_name(const char* first, const char* last, const char* begin) noexcept {
    return detail::skip_common<host_name, detail::common_host_ends>(first, last, begin);
}

inline const char* skip_target(const char* first, const char* last, const char* begin) noexcept {
    for (; last - first >= detail::width; first += detail::width)
        if (const unsigned ends = detail::target_ends(detail::load(first)))
            return first + std::countr_zero(ends);
    if (last - begin >= detail::width) return detail::skip_tail<detail::target_ends>(first, last);
    return skip_bytewise(first, last, target);
}

// Two loads a round: most values end in the first one, so that the branch is foreseen.
inline const char* skip_value(const char* first, const char* last, const char* begin) noexcept {
    for (; last - first >= 2 * detail::width; first += 2 * detail::width) {
        const unsigned low = detail::value_ends(detail::load(first));
        const unsigned high = detail::value_ends(detail::load(first + detail::width));
        if (const unsigned ends = low | (high << detail::width))
            return first + std::countr_zero(ends);
    }
    if (last - first >= detail::width) {
        if (const unsigned ends = detail::value_ends(detail::load(first)))
            return first + std::countr_zero(ends);
        first += detail::width;
    }
    if (last - begin >= detail::width) return detail::skip_tail<detail::value_ends>(first, last);
    return skip_bytewise(first, last, value);
}

#else

using portable::skip_host_name;
using portable::skip_target;
using portable::skip_token;
using portable::skip_value;

#endif

inline const char* skip_token(const char* first, const char* last) noexcept {
    return skip_token(first, last, first);
}

inline const char* skip_value(const char* first, const char* last) noexcept {
    return skip_value(first, last, first);
}

}  // namespace weir::inline v0::http::scan
