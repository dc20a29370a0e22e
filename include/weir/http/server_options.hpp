// What a server may be told; the defaults are meant for production.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "weir/base/clock.hpp"
#include "weir/base/error.hpp"
#include "weir/http/limits.hpp"
#include "weir/io/wall_clock.hpp"

namespace weir::inline v0::metrics {
class registry;
}

namespace weir::inline v0::http {

class request;

struct server_options {
    server_options() = default;

    http::limits limits;
    // From the first byte of a request to the end of its head; no byte extends it.
    duration head_timeout = std::chrono::seconds{10};
    // What a peer may keep us waiting for one body, altogether; and how much it must send at least
    // in each such window of waiting.
    duration body_timeout = std::chrono::seconds{60};
    duration body_window = std::chrono::seconds{5};
    std::uint64_t min_bytes_per_window = 1024;
    // What a handler gets, its waiting for the body included; then it is stopped.
    duration request_timeout = std::chrono::seconds{30};
    // Of a body that its handler did not read, so much is read and dropped to keep the connection.
    std::size_t unread_body_limit = std::size_t{64} * 1024;
    // Requests at one time on one loop; more are answered with 503 at once. Each holds up to two
    // slabs of the loop's memory for reading, so there are never more than two fifths of their
    // number, whatever is said here: with the 2,048 slabs of the default, 819.
    std::size_t max_in_flight = 1024;
    // Answers have the id of their request (request::id()) in X-Request-Id.
    bool request_ids = false;
    // Counts requests, if given. Must outlive the server.
    metrics::registry* metrics = nullptr;
    // Where Date comes from.
    io::wall_clock wall_clock = io::wall_time;
    // Told of what a handler threw (errc::internal, with its text), on the request's loop, after it
    // was answered with 500. Must not throw. Without it, the log of the service has a line that
    // names the route, the peer and the request.
    std::function<void(const request&, const error&)> on_exception;
    // Told of a handler that has not ended a second after its time was over, on the request's loop.
    // Its place in flight stays taken, and its peer waits. Must not throw. Without it, the same.
    std::function<void(const request&)> on_overdue;
};

}  // namespace weir::inline v0::http
