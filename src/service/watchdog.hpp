// Tells the supervisor that every loop turns, for as long as it is so.
#pragma once

#include "weir/io/engine.hpp"

#include "state.hpp"

namespace weir::inline v0 {

class watchdog {
public:
    watchdog(service_state& service, io::engine& engine) noexcept
        : service_{service}, engine_{engine} {}

    // Twice in the time that the supervisor waits; until it is stopped. Ends at once where nobody
    // waits.
    task<> run();

private:
    service_state& service_;
    io::engine& engine_;
};

}  // namespace weir::inline v0
