// What the clock on the wall says: for dates that people and peers read, and for nothing else.
//
// It jumps when somebody sets it. Deadlines and durations come from the loop.
#pragma once

#include <cstdint>
#include <functional>

#include "weir/base/api.hpp"

namespace weir::inline v0::io {

// Nanoseconds since 1970-01-01 00:00 UTC, without leap seconds. From any thread.
using wall_clock = std::function<std::int64_t()>;

// The operating system's.
WEIR_API std::int64_t wall_time() noexcept;

}  // namespace weir::inline v0::io
