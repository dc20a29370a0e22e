// Whom a client calls, and its bounds; the defaults are meant for production.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/clock.hpp"
#include "weir/http/limits.hpp"
#include "weir/io/engine.hpp"
#include "weir/net/host.hpp"
#include "weir/pool/options.hpp"

namespace weir::inline v0::metrics {
class registry;
}

namespace weir::inline v0::http {

struct client_options {
    client_options() = default;
    explicit client_options(std::vector<net::host> to) : hosts{std::move(to)} {}

    // Where the origin is; each new connection goes to the first that answers (net::dial).
    std::vector<net::host> hosts;
    // The Host field. Empty: as the first host is written, without a port where that is 80;
    // "localhost" where it is a unix socket.
    std::string authority;

    // Connections: how many at once (max_size), how many requests may wait for one (max_waiters),
    // and for how long, connecting included (acquire_timeout).
    pool::options connections;
    // To find and reach a host.
    duration connect_timeout = std::chrono::seconds{5};
    // A connection without requests is closed after it, before a server's own 75 s.
    duration idle_timeout = std::chrono::seconds{60};
    // How long the peer's kernel may leave unacknowledged what it should acknowledge.
    duration user_timeout = io::default_user_timeout;

    // What is being sent must be gone within it, or be on its way at a rate; as
    // net::connection_options::write_timeout.
    duration write_timeout = std::chrono::seconds{30};
    // A body that waits to be wanted is sent after it all the same (RFC 9110 section 10.1.1).
    duration continue_timeout = std::chrono::seconds{1};
    // From the request's last byte, or what was written last where the response is read meanwhile,
    // to the end of the response's head; no byte of the head extends it.
    duration head_timeout = std::chrono::seconds{30};
    // Of waiting for a response's body, in which so many bytes must come at least, or its end.
    // Where the peer may be silent in between (events that are streamed), ask for one byte and
    // give it the time.
    duration body_timeout = std::chrono::seconds{30};
    std::uint64_t min_body_bytes = 1024;

    // Of a response, whose interim ones may have as many bytes together as its fields. A body that
    // is read in pieces may have any size.
    http::limits limits = unlimited_body();
    // What text() and all() collect, unless they are told otherwise.
    std::size_t max_collected = std::size_t{1} << 20U;

    // Counts requests, if given, under this name of the client. Must outlive the client.
    metrics::registry* metrics = nullptr;
    std::string name = "client";

    static constexpr http::limits unlimited_body() noexcept {
        http::limits bounds;
        bounds.max_body_bytes = std::numeric_limits<std::uint64_t>::max();
        return bounds;
    }
};

}  // namespace weir::inline v0::http
