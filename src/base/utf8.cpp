#include "weir/base/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir::inline v0 {
namespace {

unsigned at(std::string_view text, std::size_t index) noexcept {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
}

bool continues(unsigned byte) noexcept { return (byte & 0xC0U) == 0x80U; }

// The high bits of the bytes, in any order: none is set in ASCII.
template <class Word>
Word high_bits(const char* bytes) noexcept {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return static_cast<Word>(word & static_cast<Word>(0x8080808080808080U));
}

// Word by word; the last one reaches back into the one before, so that no rest is left.
template <class Word>
bool is_ascii_by(std::string_view text) noexcept {
    Word seen = high_bits<Word>(text.data() + text.size() - sizeof(Word));
    for (std::size_t at = 0; text.size() - at > sizeof(Word); at += sizeof(Word))
        seen |= high_bits<Word>(text.data() + at);
    return seen == 0;
}

#if defined(__SSE2__)

bool is_long_ascii(std::string_view text) noexcept {
    constexpr std::size_t step = sizeof(__m128i);
    const auto load = [&](std::size_t at) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    };
    __m128i seen = load(text.size() - step);
    for (std::size_t at = 0; text.size() - at > step; at += step)
        seen = _mm_or_si128(seen, load(at));
    return _mm_movemask_epi8(seen) == 0;
}

#endif

bool is_ascii(std::string_view text) noexcept {
#if defined(__SSE2__)
    if (text.size() >= sizeof(__m128i)) return is_long_ascii(text);
#endif
    if (text.size() >= sizeof(std::uint64_t)) return is_ascii_by<std::uint64_t>(text);
    if (text.size() >= sizeof(std::uint32_t)) return is_ascii_by<std::uint32_t>(text);
    return std::ranges::none_of(text, [](char byte) { return (byte & 0x80) != 0; });
}

// How many leading bytes are ASCII, eight at a time and so to less than eight.
std::size_t ascii_run(std::string_view text) noexcept {
    std::size_t length = 0;
    while (text.size() - length >= sizeof(std::uint64_t)) {
        if (high_bits<std::uint64_t>(text.data() + length) != 0) break;
        length += sizeof(std::uint64_t);
    }
    return length;
}

bool is_long_sequence(std::string_view text, std::size_t length) noexcept {
    for (std::size_t index = 2; index < length; ++index) {
        if (!continues(at(text, index))) return false;
    }
    return true;
}

// The length of the sequence that text begins with, 0 where it is none. The second byte decides the
// ends of the ranges.
std::size_t sequence(std::string_view text) noexcept {
    const unsigned first = at(text, 0);
    const unsigned second = at(text, 1);
    if (first < 0x80) return 1;
    if (!continues(second)) return 0;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) {
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
        return is_long_sequence(text, 3) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
        return is_long_sequence(text, 4) ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    if (is_ascii(text)) return true;
    text.remove_prefix(ascii_run(text));
    while (!text.empty()) {
        const std::size_t length = sequence(text);
        if (length == 0) return false;
        text.remove_prefix(length);
        if (length == 1) text.remove_prefix(ascii_run(text));
    }
    return true;
}

}  // namespace weir::inline v0
