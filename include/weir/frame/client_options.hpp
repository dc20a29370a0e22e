// Whom a client calls, and its bounds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "weir/base/clock.hpp"
#include "weir/frame/back_off.hpp"
#include "weir/net/host.hpp"

namespace weir::inline v0::frame {

struct client_options {
    client_options() = default;
    explicit client_options(std::vector<net::host> to) : hosts{std::move(to)} {}

    // Tried in order; the next one after a failure or a goodbye.
    std::vector<net::host> hosts;
    // Goes into the hello, where it is not empty.
    std::string token;
    // Calls in flight on a connection. Where the server allows no more than that, one fewer than it
    // allows are sent: at its limit a server reads nothing, and would not read a cancel either.
    std::size_t max_in_flight = 256;
    // Calls that wait for a place or a connection; more are errc::overloaded.
    std::size_t max_waiting = 1024;
    // To find, reach and greet one host.
    duration connect_timeout = std::chrono::seconds{5};
    // A connection without calls is closed after it, before a server's own 75 s; so is one on which
    // nothing arrives for that long while nobody waits for its answers any more.
    duration idle_timeout = std::chrono::seconds{60};
    // How long close() lets calls in flight go on.
    duration close_timeout = std::chrono::seconds{10};
    back_off delays;
};

}  // namespace weir::inline v0::frame
