// Tells the supervisor that every loop turns, for as long as it is so.
#pragma once

#include "weir/task/task.hpp"

#include "state.hpp"

namespace weir::inline v0 {

class watchdog {
public:
    explicit watchdog(service_state& service) noexcept : service_{service} {}

    // Twice in the time that the supervisor waits; until it is stopped. Ends at once where nobody
    // waits.
    task<> run();

private:
    service_state& service_;
};

}  // namespace weir::inline v0
