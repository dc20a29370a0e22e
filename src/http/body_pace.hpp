// Whether a peer sends its body fast enough.
//
// Only time that was spent waiting for the peer counts, so a handler that takes its time between
// two pieces harms nobody. Time is a parameter; no clock here.
#pragma once

#include <algorithm>
#include <cstdint>

#include "weir/base/clock.hpp"
#include "weir/http/server_options.hpp"

namespace weir::inline v0::http {

class body_pace {
public:
    explicit body_pace(const server_options& options) noexcept
        : body_pace{options.body_timeout, options.body_window, options.min_bytes_per_window} {}
    // So long altogether; in each window so many bytes at least.
    body_pace(duration longest, duration window, std::uint64_t least) noexcept
        : left_{longest}, window_left_{window}, window_{window}, least_{least} {}

    // How long the next wait may last.
    duration patience() const noexcept { return std::min(left_, window_left_); }

    // A wait took so long and brought so many bytes. False where the peer is too slow.
    bool waited(duration time, std::uint64_t bytes) noexcept {
        left_ -= time;
        window_left_ -= time;
        bytes_ += bytes;
        if (left_ <= duration{}) return false;
        if (window_left_ > duration{}) return true;
        if (bytes_ < least_) return false;
        window_left_ = window_;
        bytes_ = 0;
        return true;
    }

private:
    duration left_;
    duration window_left_;
    duration window_;
    std::uint64_t least_;
    std::uint64_t bytes_ = 0;
};

}  // namespace weir::inline v0::http
