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

class vector {
public:
    static constexpr std::ptrdiff_t name_width = 32;

    WEIR_VECTOR_TARGET vector() noexcept
        : small_{kept(0x20)},
          above_z_{kept(0x7F - 'z')},
          below_a_{kept(0x7F - 'z' + 'a' - 1)},
          dash_{kept('-')},
          one_{kept(1)},
          space_and_one_{kept(' ' + 1)} {}

    // Bytes other than letters and dashes. Signed: letters are the highest, once 'z' is.
    WEIR_VECTOR_TARGET std::uint32_t name_ends(const char* at) const noexcept {
        const __m256i bytes = load(at);
        const __m256i high = _mm256_add_epi8(_mm256_or_si256(bytes, small_), above_z_);
        const __m256i letter = _mm256_cmpgt_epi8(high, below_a_);
        return ~marks(_mm256_or_si256(letter, _mm256_cmpeq_epi8(bytes, dash_)));
    }
    WEIR_VECTOR_TARGET std::uint64_t ends(const char* at) const noexcept {
        return half_block(at) | (half_block(at + 32) << 32U);
    }

private:
    // GCC would otherwise put it into a register anew for each line.
    WEIR_VECTOR_TARGET static __m256i kept(char each) noexcept {
        __m256i bytes = _mm256_set1_epi8(each);
        asm("" : "+x"(bytes));
        return bytes;
    }
    WEIR_VECTOR_TARGET static __m256i load(const char* from) noexcept {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    }
    WEIR_VECTOR_TARGET static std::uint32_t marks(__m256i mask) noexcept {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(mask));
    }
    // Signed: with one added, DEL and what is not ASCII are as low as control characters are.
    WEIR_VECTOR_TARGET std::uint64_t half_block(const char* at) const noexcept {
        return marks(_mm256_cmpgt_epi8(space_and_one_, _mm256_add_epi8(load(at), one_)));
    }

    __m256i small_;
    __m256i above_z_;
    __m256i below_a_;
    __m256i dash_;
    __m256i one_;
    __m256i space_and_one_;
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
