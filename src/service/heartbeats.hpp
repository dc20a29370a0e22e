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

    // A loop that has not begun yet is no loop that stalls.
    void begin(std::size_t loops, time_point now);
    void beat(std::size_t loop, time_point now) noexcept;
    // Whether a loop has missed several beats: it does not turn.
    bool stalls(std::size_t loop, time_point now) const noexcept;
    // One that does, where there is one.
    std::optional<std::size_t> stalled(time_point now) const noexcept;

private:
    // In nanoseconds of the engines' clock.
    std::vector<std::atomic<std::int64_t>> last_;
};

}  // namespace weir::inline v0
