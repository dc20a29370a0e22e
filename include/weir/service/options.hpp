// What a service may be told; the defaults are meant for production.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "weir/io/runtime.hpp"
#include "weir/net/connection.hpp"
#include "weir/service/log.hpp"

namespace weir::inline v0 {

struct service_options {
    service_options() = default;

    // How the service calls itself in its log.
    std::string name = "weir";
    io::runtime_options runtime;
    net::connection_options connections;
    // Above it, a new connection is closed at once, and counted.
    std::size_t max_connections = 10'000;
    // Between "not ready" and the end of accepting, for balancers that look only now and then.
    duration drain_delay{};
    // How long what is in flight may take to finish; then it is cut off.
    duration drain_timeout = std::chrono::seconds{30};
    weir::log_level log_level = log_level::info;
};

}  // namespace weir::inline v0
