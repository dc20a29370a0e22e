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

using scan::detail::load;

// As plain_fields_avx2.cpp has it, by halves.
class vector {
public:
    static constexpr std::ptrdiff_t name_width = 32;

    vector() noexcept
        : small_{kept(0x20)},
          above_z_{kept(0x7F - 'z')},
          below_a_{kept(0x7F - 'z' + 'a' - 1)},
          dash_{kept('-')},
          one_{kept(1)},
          space_and_one_{kept(' ' + 1)} {}

    std::uint32_t name_ends(const char* at) const noexcept {
        return ~marks(in_names(load(at)), in_names(load(at + 16)));
    }
    std::uint64_t ends(const char* at) const noexcept {
        return half_block(at) | (half_block(at + 32) << 32U);
    }

private:
    static __m128i kept(char each) noexcept {
        __m128i bytes = _mm_set1_epi8(each);
        asm("" : "+x"(bytes));
        return bytes;
    }
    static std::uint32_t marks(__m128i low, __m128i high) noexcept {
        return static_cast<std::uint32_t>(_mm_movemask_epi8(low)) |
               (static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16U);
    }
    __m128i in_names(__m128i bytes) const noexcept {
        const __m128i high = _mm_add_epi8(_mm_or_si128(bytes, small_), above_z_);
        return _mm_or_si128(_mm_cmpgt_epi8(high, below_a_), _mm_cmpeq_epi8(bytes, dash_));
    }
    __m128i may_end(__m128i bytes) const noexcept {
        return _mm_cmpgt_epi8(space_and_one_, _mm_add_epi8(bytes, one_));
    }
    std::uint64_t half_block(const char* at) const noexcept {
        return marks(may_end(load(at)), may_end(load(at + 16)));
    }

    __m128i small_;
    __m128i above_z_;
    __m128i below_a_;
    __m128i dash_;
    __m128i one_;
    __m128i space_and_one_;
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
