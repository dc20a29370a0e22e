#include "plain_fields.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "weir/http/control_fields.hpp"

#include "scan.hpp"

namespace weir::inline v0::http {
namespace plain_fields {
namespace {

#if defined(__SSE2__)

namespace sse2 {

using scan::detail::common_in_names;
using scan::detail::load;

struct vector {
    static constexpr std::ptrdiff_t name_width = 32;

    static std::uint32_t marks(__m128i low, __m128i high) noexcept {
        return static_cast<std::uint32_t>(_mm_movemask_epi8(low)) |
               (static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16U);
    }
    // Unsigned: the larger of a control character and 0x1F is 0x1F, but for DEL.
    static __m128i control(__m128i bytes) noexcept {
        const __m128i edge = _mm_set1_epi8(0x1F);
        return _mm_or_si128(_mm_cmpeq_epi8(_mm_max_epu8(bytes, edge), edge),
                            _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
    }
    static std::uint32_t name_ends(const char* at) noexcept {
        return ~marks(common_in_names(load(at)), common_in_names(load(at + 16)));
    }
    static std::uint64_t half_block(const char* at) noexcept {
        return marks(control(load(at)), control(load(at + 16)));
    }
    static std::uint64_t controls(const char* at) noexcept {
        return half_block(at) | (half_block(at + 32) << 32U);
    }
};

#define WEIR_VECTOR_TARGET
#include "plain_fields.ipp"
#undef WEIR_VECTOR_TARGET

}  // namespace sse2

#endif

skimmer fastest() noexcept {
    if (const skimmer wide = with_avx2()) return wide;
    const skimmer narrow = with_sse2();
    return narrow != nullptr ? narrow : leave_all;
}

}  // namespace

skimmed_fields leave_all(const field_lines_text& text, std::span<field>) noexcept {
    return {text.first, 0, 0};
}

skimmer with_sse2() noexcept {
#if defined(__SSE2__)
    return &sse2::skim_all;
#else
    return nullptr;
#endif
}

}  // namespace plain_fields

skimmed_fields skim_plain_fields(const field_lines_text& text, std::span<field> into) noexcept {
    static const plain_fields::skimmer skim = plain_fields::fastest();
    return skim(text, into);
}

}  // namespace weir::inline v0::http
