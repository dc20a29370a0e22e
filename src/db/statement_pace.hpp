// Whether a statement may run on a loop: one that ended soon, time and again.
//
// It begins on threads. After a number of runs in a row that ended soon it is quick, and runs on
// loops; where a run there does not end soon, it goes back to threads for twice the number of runs.
// So one whose pages are seldom in memory, or whose cost depends on its parameters, costs few
// attempts.
#pragma once

#include <cstddef>

#include "weir/base/clock.hpp"

namespace weir::inline v0::db {

class statement_pace {
public:
    // What "soon" is: steps of SQLite's machine, and time. The steps are a bound that holds while
    // it runs; time is what came of it, since one step may be long.
    static constexpr int most_steps = 2000;
    static constexpr duration most_time = std::chrono::microseconds{100};

    bool quick() const noexcept { return quick_; }
    void ended_on_thread(bool soon) noexcept;
    void ended_on_loop(bool soon) noexcept;

private:
    static constexpr std::size_t fewest = 16;
    static constexpr std::size_t most = 16384;

    std::size_t needed_ = fewest;
    std::size_t in_a_row_ = 0;
    bool quick_ = false;
};

}  // namespace weir::inline v0::db
