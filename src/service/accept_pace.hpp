// How long to leave connections in the kernel's queue, so that no more than a rate are accepted.
//
// The generic cell rate algorithm (ITU-T I.371): each accept moves the time by which the rate would
// have allowed it, and a burst may run ahead of that by a tenth of a second. Time is a parameter;
// no clock here.
#pragma once

#include <algorithm>

#include "weir/base/clock.hpp"

namespace weir::inline v0 {

class accept_pace {
public:
    // Accepts per second; 0: as many as come.
    explicit accept_pace(std::size_t rate) noexcept
        : interval_{rate == 0 ? 0 : std::nano::den / static_cast<duration::rep>(rate)} {}

    // One was accepted: how long to wait before the next.
    duration accepted(time_point now) noexcept {
        due_ = std::max(due_, now - burst) + interval_;
        return std::max(duration{}, due_ - now);
    }

private:
    static constexpr duration burst = std::chrono::milliseconds{100};

    duration interval_;
    time_point due_{};
};

}  // namespace weir::inline v0
