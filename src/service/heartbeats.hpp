// Whether every loop turns: each tells now and then that it does.
//
// From any thread, but for begin(), which comes before the loops.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "weir/base/clock.hpp"

namespace weir::inline v0 {

class heartbeats {
public:
    static constexpr duration interval = std::chrono::seconds{1};
    // A loop that has missed so many does not turn.
    static constexpr int most_missed = 5;

    explicit heartbeats(std::size_t loops) : last_(loops) {}
    // A loop that has not begun yet is no loop that stalls.
    void begin(std::size_t loops, time_point now);
    void beat(std::size_t loop, time_point now) noexcept;
    // The loop beats no more, and does not stall.
    void end(std::size_t loop) noexcept;
    bool has_ended(std::size_t loop) const noexcept;
    // By the engines' clock.
    time_point last(std::size_t loop) const noexcept;
    bool stalls(std::size_t loop, time_point now) const noexcept;
    // One that does, where there is one.
    std::optional<std::size_t> stalled(time_point now) const noexcept;

private:
    // In nanoseconds of the engines' clock.
    std::vector<std::atomic<std::int64_t>> last_;
};

}  // namespace weir::inline v0
