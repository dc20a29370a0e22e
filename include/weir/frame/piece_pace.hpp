// Whether a peer sends a frame fast enough that is taken in pieces.
//
// Only time that was spent waiting for the peer counts, so a reader that takes its time between two
// pieces harms nobody. Time is a parameter; no clock here.
#pragma once

#include <algorithm>
#include <cstdint>

#include "weir/base/clock.hpp"
#include "weir/frame/framed_options.hpp"

namespace weir::inline v0::frame {

class piece_pace {
public:
    explicit piece_pace(const framed_options& options) noexcept : left_{options.frame_timeout} {}

    // Answers with when it must have ended.
    time_point wait_begins(time_point now) noexcept {
        begun_ = now;
        return after(now, left_);
    }
    // It has brought so many bytes.
    void wait_ended(time_point now, std::uint64_t bytes, const framed_options& options) noexcept {
        left_ -= now - begun_;
        bytes_ += bytes;
        if (bytes_ < least(options)) return;
        left_ = options.frame_timeout;
        bytes_ = 0;
    }

private:
    static std::uint64_t least(const framed_options& options) noexcept {
        const std::chrono::duration<double> window = options.frame_timeout;
        const double bytes = static_cast<double>(options.min_piece_rate) * window.count();
        return static_cast<std::uint64_t>(std::clamp(bytes, 1.0, 1e18));
    }

    duration left_;
    time_point begun_{};
    std::uint64_t bytes_ = 0;
};

}  // namespace weir::inline v0::frame
