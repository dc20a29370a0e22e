// Which loops turn, as one thread sees it, which looks once in each interval of the beats.
//
// Time is counted in looks. It stands still while nobody looks, so that a process that was stopped,
// or slept, is not taken for one whose loops stall. Everything belongs to the thread that looks.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "heartbeats.hpp"

namespace weir::inline v0 {

class beat_watch {
public:
    // beats outlives it, and has the same loops throughout.
    explicit beat_watch(const heartbeats& beats) : beats_{&beats}, loops_(beats.loops()) {}

    // At each of the loops, when an interval has passed.
    void look() noexcept;
    // At one. Whether that changes what stalls() says of it.
    bool look_at(std::size_t loop) noexcept;
    // How many beats a loop has missed. One that is not waited for yet, or has ended, misses none.
    int missed(std::size_t loop) const noexcept { return loops_[loop].missed; }
    bool stalls(std::size_t loop) const noexcept;
    // One that does, where there is one.
    std::optional<std::size_t> stalled() const noexcept;

private:
    struct sight {
        std::uint64_t beats = 0;
        int missed = 0;  // since there were so many
    };

    const heartbeats* beats_;
    std::vector<sight> loops_;
};

}  // namespace weir::inline v0
