// Tells AddressSanitizer which memory may be touched; nothing in other builds.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define WEIR_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_ASAN 1
#endif
#endif

#if defined(WEIR_ASAN)
#include <sanitizer/asan_interface.h>
#endif

namespace weir::inline v0 {

#if defined(WEIR_ASAN)
inline constexpr bool under_asan = true;
inline void poison(const void* at, std::size_t size) noexcept {
    ASAN_POISON_MEMORY_REGION(at, size);
}
inline void unpoison(const void* at, std::size_t size) noexcept {
    ASAN_UNPOISON_MEMORY_REGION(at, size);
}
#else
inline constexpr bool under_asan = false;
inline void poison(const void*, std::size_t) noexcept {}
inline void unpoison(const void*, std::size_t) noexcept {}
#endif

}  // namespace weir::inline v0
