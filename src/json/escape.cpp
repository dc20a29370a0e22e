#include "weir/json/escape.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir::inline v0::json {
namespace {

template <class Word>
std::uint64_t word_at(const char* bytes) noexcept {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

// Whether eight bytes need no escape: neither a quote, nor a backslash, nor a control character.
// What is not ASCII passes.
constexpr bool are_plain(std::uint64_t word) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t highs = 0x8080808080808080U;
    // Marks bytes that are zero, and possibly bytes above one; exact when nothing is marked.
    const auto zero = [](std::uint64_t of) { return (of - ones) & ~of & highs; };
    const std::uint64_t controls = (word - ones * 0x20U) & ~word & highs;
    return (controls | zero(word ^ (ones * '"')) | zero(word ^ (ones * '\\'))) == 0;
}

// The last eight bytes of a text; of one of four to seven all, some of them twice.
std::uint64_t last_bytes(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    if (text.size() >= sizeof(std::uint64_t)) return word_at<std::uint64_t>(end - 8);
    return word_at<std::uint32_t>(text.data()) | word_at<std::uint32_t>(end - 4) << 32U;
}

#if defined(__SSE2__)

// Sixteen bytes.
class block {
public:
    static constexpr std::size_t size = sizeof(__m128i);

    explicit block(const char* at) noexcept
        : bytes_{_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))} {}
    // Eight from here, and eight from there.
    block(const char* front, const char* back) noexcept
        : bytes_{_mm_unpacklo_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(front)),
                                    _mm_loadl_epi64(reinterpret_cast<const __m128i*>(back)))} {}

    // Eight, twice.
    explicit block(std::uint64_t bytes) noexcept
        : bytes_{_mm_set1_epi64x(static_cast<std::int64_t>(bytes))} {}

    // A bit for each byte that needs an escape, the lowest for the first.
    unsigned escaped() const noexcept {
        const __m128i edge = _mm_set1_epi8(0x1F);
        return bits(_mm_or_si128(_mm_cmpeq_epi8(_mm_max_epu8(bytes_, edge), edge), quoting()));
    }
    // Signed, what is not ASCII is less than what is.
    bool plain_ascii() const noexcept {
        const __m128i visible = _mm_cmpgt_epi8(bytes_, _mm_set1_epi8(0x1F));
        return bits(_mm_andnot_si128(quoting(), visible)) == 0xFFFFU;
    }

private:
    static unsigned bits(__m128i marks) noexcept {
        return static_cast<unsigned>(_mm_movemask_epi8(marks));
    }
    __m128i quoting() const noexcept {
        return _mm_or_si128(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8('"')),
                            _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('\\')));
    }

    __m128i bytes_;
};

// Of a text of a block at least; in the last block some bytes are looked at again.
std::size_t long_plain_run(std::string_view text) noexcept {
    std::size_t at = 0;
    for (;;) {
        if (const unsigned marks = block{text.data() + at}.escaped(); marks != 0)
            return at + static_cast<std::size_t>(std::countr_zero(marks));
        at += block::size;
        if (at >= text.size()) return text.size();
        at = std::min(at, text.size() - block::size);
    }
}

bool is_long_plain_ascii(std::string_view text) noexcept {
    bool plain = block{text.data() + text.size() - block::size}.plain_ascii();
    for (std::size_t at = 0; plain && text.size() - at > block::size; at += block::size)
        plain = block{text.data() + at}.plain_ascii();
    return plain;
}

#endif

}  // namespace

std::size_t plain_run(std::string_view text) noexcept {
#if defined(__SSE2__)
    if (text.size() >= block::size) return long_plain_run(text);
#endif
    constexpr std::size_t step = sizeof(std::uint64_t);
    std::size_t at = 0;
    while (text.size() - at >= step && are_plain(word_at<std::uint64_t>(text.data() + at)))
        at += step;
    const bool at_rest = text.size() - at < step && text.size() >= step / 2;
    if (at_rest && are_plain(last_bytes(text))) return text.size();
    for (; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte == '"' || byte == '\\') break;
    }
    return at;
}

bool is_plain_ascii(std::string_view text) noexcept {
#if defined(__SSE2__)
    if (text.size() >= block::size) return is_long_plain_ascii(text);
    if (text.size() > block::size / 2)
        return block{text.data(), text.data() + text.size() - block::size / 2}.plain_ascii();
    return text.size() >= 4 && block{last_bytes(text)}.plain_ascii();
#else
    if (text.size() < 4 || text.size() > 8) return false;
    const std::uint64_t word = last_bytes(text);
    return are_plain(word) && (word & 0x8080808080808080U) == 0;
#endif
}

}  // namespace weir::inline v0::json
