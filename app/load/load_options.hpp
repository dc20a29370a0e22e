// How much load, for how long.
#pragma once

#include <cstddef>

#include "weir/base/clock.hpp"
#include "weir/io/endpoint.hpp"

namespace weir::app {

struct load_options {
    load_options() = default;

    io::endpoint to;
    // Requests a second over all connections, each at its time whether others were answered or not
    // (an open loop); 0: the next one as soon as one has been answered (a closed loop).
    double rate = 0;
    std::size_t connections = 16;
    // Requests in flight on one connection.
    std::size_t depth = 1;
    // Before anything counts.
    duration warm_up = std::chrono::seconds{1};
    duration length = std::chrono::seconds{10};
    // Of connecting, and of each request from when it was sent.
    duration timeout = std::chrono::seconds{5};
    // An open loop keeps the loop turning where the next request is due within 2 ms, because timers
    // have a resolution of 1 ms.
    bool spins = true;
};

}  // namespace weir::app
