// What a route, or all routes of a group, may be told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "weir/base/clock.hpp"

namespace weir::inline v0::http {

// What is not said here is as the group around it has it, and in the end as server_options.
struct route_limits {
    route_limits() = default;

    // In place of server_options::request_timeout.
    std::optional<duration> deadline;
    // In place of limits::max_body_bytes; may be more than that.
    std::optional<std::uint64_t> max_body_bytes;
    // Requests at one time, on all loops together, and of all routes of a group together; more are
    // answered with 503 at once. 0: as many as the server takes. Those of the groups around it hold
    // as well.
    std::size_t max_in_flight = 0;
};

struct route_options : route_limits {
    route_options() = default;

    // What the metrics call it; the pattern where it is empty.
    std::string label;
};

}  // namespace weir::inline v0::http
