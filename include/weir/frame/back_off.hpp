// How long to wait before trying again: longer each time, within bounds, and not in step with
// others.
//
// Half of the delay is fixed and half is chance, so that many clients of a server that comes back
// do not arrive together, and none of them at once. Source: Brooker, Exponential Backoff and Jitter
// (AWS Architecture Blog, 2015), "equal jitter".
#pragma once

#include <algorithm>
#include <cstdint>

#include "weir/base/clock.hpp"

namespace weir::inline v0::frame {

struct back_off {
    back_off() = default;
    duration first = std::chrono::milliseconds{50};
    duration longest = std::chrono::seconds{1};

    // After so many failures in a row, at least one; random is any number.
    duration delay(unsigned failures, std::uint64_t random) const noexcept {
        duration whole = std::min(first, longest);
        while (failures-- > 1 && whole < longest) whole = std::min(2 * whole, longest);
        const auto half = static_cast<std::uint64_t>((whole / 2).count());
        return whole - duration{static_cast<duration::rep>(half == 0 ? 0 : random % (half + 1))};
    }
};

}  // namespace weir::inline v0::frame
