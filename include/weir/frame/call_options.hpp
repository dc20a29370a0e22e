// What one call may cost, and what may be done for it.
#pragma once

#include "weir/base/clock.hpp"

namespace weir::inline v0::frame {

struct call_options {
    call_options() = default;
    // For everything, waiting for a connection and a place included, beside the deadline of whoever
    // waits. What is left of it is sent along.
    duration timeout = std::chrono::seconds{30};
    // Sent again when its connection was lost, though it may have been executed.
    bool idempotent = false;
    // While no host can be reached, waits until one can instead of failing at once; not where the
    // token is refused.
    bool wait_for_ready = false;
};

}  // namespace weir::inline v0::frame
