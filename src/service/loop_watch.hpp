// Sees from a thread of its own whether loops turn: a handler may keep its loop's thread for ever.
//
// A loop that stalls is named in the log, with the handler that keeps it, and counted. A drain that
// cannot end for one ends the process. Time is counted in seconds that this thread has seen pass,
// which stand still while the process is stopped.
#pragma once

#include <string>
#include <thread>

#include "beat_watch.hpp"
#include "state.hpp"

namespace weir::inline v0 {

class loop_watch {
public:
    // Threads started later inherit this one's signal mask. service outlives it.
    explicit loop_watch(service_state& service);
    loop_watch(const loop_watch&) = delete;
    loop_watch& operator=(const loop_watch&) = delete;
    // Not before all loops have ended.
    ~loop_watch();

private:
    void watch(const std::stop_token& over);
    void look();
    void look_at(std::size_t loop);
    // What is said of a loop that does not turn.
    std::string stalled(std::size_t loop) const;
    // The process ends here.
    [[noreturn]] void give_up();

    service_state& service_;
    beat_watch turning_;
    duration draining_{};
    std::jthread thread_;
};

}  // namespace weir::inline v0
