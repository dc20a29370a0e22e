#include "plain_fields.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include <immintrin.h>

#include "weir/http/control_fields.hpp"

// Compiled for a processor that the rest of the program does not count on.
#define WEIR_VECTOR_TARGET [[gnu::target("avx2,bmi")]]

namespace weir::inline v0::http::plain_fields {
namespace avx2 {
namespace {

struct vector {
    static constexpr std::ptrdiff_t name_width = 32;

    WEIR_VECTOR_TARGET static __m256i load(const char* from) noexcept {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    }
    WEIR_VECTOR_TARGET static std::uint32_t marks(__m256i mask) noexcept {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(mask));
    }
    // Bytes other than letters and dashes. Signed: from 0x80 on they are below all letters.
    WEIR_VECTOR_TARGET static std::uint32_t name_ends(const char* at) noexcept {
        const __m256i bytes = load(at);
        const __m256i small = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
        const __m256i letter =
            _mm256_and_si256(_mm256_cmpgt_epi8(small, _mm256_set1_epi8('a' - 1)),
                             _mm256_cmpgt_epi8(_mm256_set1_epi8('z' + 1), small));
        const __m256i dash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-'));
        return ~marks(_mm256_or_si256(letter, dash));
    }
    // Unsigned: the larger of a control character and 0x1F is 0x1F, but for DEL.
    WEIR_VECTOR_TARGET static std::uint64_t half_block(const char* at) noexcept {
        const __m256i bytes = load(at);
        const __m256i edge = _mm256_set1_epi8(0x1F);
        const __m256i control = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, edge), edge);
        const __m256i del = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0x7F));
        return marks(_mm256_or_si256(control, del));
    }
    WEIR_VECTOR_TARGET static std::uint64_t controls(const char* at) noexcept {
        return half_block(at) | (half_block(at + 32) << 32U);
    }
};

#include "plain_fields.ipp"

}  // namespace
}  // namespace avx2

skimmer with_avx2() noexcept {
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0
               ? &avx2::skim_all
               : nullptr;
}

}  // namespace weir::inline v0::http::plain_fields

#undef WEIR_VECTOR_TARGET

#else

namespace weir::inline v0::http::plain_fields {

skimmer with_avx2() noexcept { return nullptr; }

}  // namespace weir::inline v0::http::plain_fields

#endif
