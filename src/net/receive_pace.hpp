// Whether a peer sends a message fast enough.
//
// All time that is spent waiting for the peer counts, and no other, so a handler that takes its
// time between two reads harms nobody. Time is a parameter; no clock here.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "weir/base/clock.hpp"
#include "weir/net/connection_options.hpp"

namespace weir::inline v0::net {

class receive_pace {
public:
    // received: bytes so far, as below.
    receive_pace(const connection_options& options, std::uint64_t received) noexcept
        : left_{options.idle_timeout}, window_begin_{received} {}

    // A wait that ends at `until` at the latest. Answers with when to look whether it goes on.
    time_point wait_begins(time_point now, time_point until) noexcept {
        waits_since_ = now;
        wait_until_ = until;
        return std::min(until, after(now, left_));
    }
    // Whatever ended it: what it brought, a stop, or a deadline. One that is over stays over.
    void wait_ended(time_point now) noexcept {
        if (waits_since_ != never) left_ -= now - waits_since_;
        waits_since_ = never;
    }
    // When to look again; `now` or before where the wait is over.
    time_point look(time_point now, std::uint64_t received,
                    const connection_options& options) noexcept {
        if (wait_until_ <= now || received - window_begin_ < least(options)) return now;
        left_ = options.idle_timeout;
        window_begin_ = received;
        return wait_begins(now, wait_until_);
    }

private:
    // What a window must bring.
    static std::uint64_t least(const connection_options& options) noexcept {
        const std::chrono::duration<double> window = options.idle_timeout;
        const double bytes = static_cast<double>(options.min_receive_rate) * window.count();
        return static_cast<std::uint64_t>(std::clamp(bytes, 1.0, 1e18));
    }

    duration left_;
    std::uint64_t window_begin_;
    time_point waits_since_ = never;
    time_point wait_until_ = never;
};

}  // namespace weir::inline v0::net
