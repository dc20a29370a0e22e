// Time as a loop tells it.
//
// There is no now() here on purpose: time is a parameter. A loop's clock is monotonic, does not see
// the wall clock jump, leaves out the time a process was stopped for, and under the simulator moves
// only when nothing else can happen.
#pragma once

#include <chrono>

namespace weir::inline v0 {

using duration = std::chrono::nanoseconds;

struct clock {
    using duration = weir::duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<clock>;
    static constexpr bool is_steady = true;
};

using time_point = clock::time_point;

inline constexpr time_point never = time_point::max();

// start + wait, or never where that overflows.
constexpr time_point after(time_point start, duration wait) noexcept {
    return wait >= never - start ? never : start + wait;
}

}  // namespace weir::inline v0
