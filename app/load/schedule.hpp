// When the requests of an open loop are due: at a constant rate, whatever becomes of them.
//
// A stall delays none of them: they become overdue, and their latency counts from when they were
// due. Closing one's eyes to that is what is called coordinated omission.
#pragma once

#include <cmath>
#include <cstdint>

#include "weir/base/clock.hpp"

namespace weir::app {

class schedule {
public:
    schedule(time_point start, double rate) noexcept
        : start_{start}, gap_{std::chrono::duration<double, duration::period>{1e9 / rate}} {}

    // None is due from here on.
    void end_at(time_point end) noexcept { end_ = end; }

    time_point next() const noexcept { return next_ < end_ ? next_ : never; }
    bool due(time_point now) const noexcept { return next_ <= now && next_ < end_; }
    // Takes the next one, and answers with when it was due.
    time_point take() noexcept {
        const time_point taken = next_;
        ++taken_;
        next_ = start_ +
                duration{static_cast<duration::rep>(gap_.count() * static_cast<double>(taken_))};
        return taken;
    }
    // Those that are due and were not taken, at a time not before the end.
    std::uint64_t left() const noexcept {
        if (next_ >= end_) return 0;
        const auto time = static_cast<double>((end_ - next_).count());
        return static_cast<std::uint64_t>(std::ceil(time / gap_.count()));
    }

private:
    time_point start_;
    time_point next_{start_};
    time_point end_ = never;
    std::chrono::duration<double, duration::period> gap_;
    std::uint64_t taken_ = 0;
};

}  // namespace weir::app
