// What a pool is told once. The names are those of HikariCP.
#pragma once

#include <cstddef>

#include "weir/base/clock.hpp"

namespace weir::inline v0::pool {

struct options {
    // Resources that exist at once, idle ones and those being made included. At least one.
    std::size_t max_size = 10;
    // How many may wait for one; the next is refused at once with errc::overloaded.
    std::size_t max_waiters = 1024;
    // How long one acquire() may last, creation included; a nearer deadline of its task counts too.
    duration acquire_timeout = std::chrono::seconds{30};
    // An acquire() that lasted as long is counted in stats::slow_acquires.
    duration slow_acquire = std::chrono::seconds{2};
    // A lease held as long is counted by pool::suspected_leaks(). Zero: none is.
    duration leak_threshold = duration::zero();
};

}  // namespace weir::inline v0::pool
