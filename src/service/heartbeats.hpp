// Whether every loop turns: each tells now and then that it does.
//
// From any thread, but for begin(), which comes before the loops. Beats are counted and have no
// time: who judges a loop counts what time he has seen pass himself (beat_watch.hpp).
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "weir/base/clock.hpp"

namespace weir::inline v0 {

class heartbeats {
public:
    static constexpr duration interval = std::chrono::seconds{1};
    // A loop that has missed so many does not turn.
    static constexpr int most_missed = 5;

    explicit heartbeats(std::size_t loops) : beats_(loops) {}
    // From here on each of so many loops is waited for.
    void begin(std::size_t loops);
    void beat(std::size_t loop) noexcept;
    // The loop beats no more, and does not stall.
    void end(std::size_t loop) noexcept;
    bool has_ended(std::size_t loop) const noexcept;
    // How many there were; 0 before begin().
    std::uint64_t count(std::size_t loop) const noexcept;
    std::size_t loops() const noexcept { return beats_.size(); }

private:
    std::vector<std::atomic<std::uint64_t>> beats_;
};

}  // namespace weir::inline v0
