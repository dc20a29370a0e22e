// Counts what the process asks operator new for, so that a test can say "none".
//
// Not under a sanitizer, which has an operator new of its own.
#pragma once

#include <cstddef>

namespace weir::inline v0 {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WEIR_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WEIR_COUNTS_ALLOCATIONS 0
#else
#define WEIR_COUNTS_ALLOCATIONS 1
#endif
#else
#define WEIR_COUNTS_ALLOCATIONS 1
#endif

// For a test that is about nothing else.
#define WEIR_SKIP_UNLESS_COUNTED() \
    if (WEIR_COUNTS_ALLOCATIONS == 0) GTEST_SKIP() << "a sanitizer allocates"

std::size_t allocations() noexcept;

}  // namespace weir::inline v0
