// Counts what this program asks the heap for, so that a test can say "nothing", and lets it refuse.
//
// Whoever links allocations.cpp gets malloc's family replaced by one that counts and asks the C
// library's own; operator new asks malloc, and is counted by that. Not under a sanitizer, which has
// a family of its own: nothing is counted there. From any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <pthread.h>

namespace weir::heap {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool counted = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool counted = false;
#else
inline constexpr bool counted = true;
#endif
#else
inline constexpr bool counted = true;
#endif

// Since the program began: blocks asked for, new or resized.
std::uint64_t requests() noexcept;
// Those of them that a library asked for which is counted apart; requests() leaves them out.
std::uint64_t requests_apart() noexcept;
// The loaded library whose file name contains this, "libsqlite3": one at a time. False where there
// is none.
bool count_apart(std::string_view library) noexcept;
void count_nothing_apart() noexcept;

// Of what this thread asks for from now on, one request is refused: the next where skipped is 0.
// Those for less than so many bytes are granted and not counted.
void refuse_one(pthread_t thread, std::uint64_t skipped, std::size_t at_least = 0) noexcept;
// Refuses nothing any more. Whether one was refused.
bool refuse_none() noexcept;

}  // namespace weir::heap
