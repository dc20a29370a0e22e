// What a service may be told; the defaults are meant for production.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "weir/base/lambda_rule.hpp"
#include "weir/io/engine.hpp"
#include "weir/io/runtime.hpp"
#include "weir/net/connection.hpp"
#include "weir/service/log.hpp"

namespace weir::inline v0 {

// Which loop a new connection goes to.
enum class placement : std::uint8_t {
    by_load,       // the one that has the fewest
    by_processor,  // the one that has all others whose packets come in on the same processor
};

struct service_options {
    service_options() = default;

    // How the service calls itself in its log.
    std::string name = "weir";
    io::runtime_options runtime;
    // By processor a connection's packets need not pass from one to another. That wants them spread
    // over the processors: by a network card with as many queues, or by peers on this machine.
    // Where all come in on one, one loop serves them all.
    weir::placement placement = placement::by_load;
    net::connection_options connections;
    // Above it, a new connection is closed at once, and counted. Admin pages have 16 places more:
    // they answer while peers have taken all of these.
    std::size_t max_connections = 10'000;
    // The same for those of one address, or of one /64 of IPv6; 0: no limit, since behind a proxy
    // all have the same. Admin pages and unix sockets are exempt.
    std::size_t max_connections_per_address = 0;
    // All listeners together; beyond it, connections wait in the kernel's queues. 0: no limit.
    std::size_t max_accepts_per_second = 0;
    // At this age, or up to a tenth earlier by chance, a connection drains, as in a drain of the
    // service, drain_timeout and what follows it included: for balancers, whose connections would
    // stay where they are.
    // 0: however old.
    duration max_connection_age{};
    // How long a TCP peer may be silent where it should answer; then it is gone. See io/engine.hpp.
    duration user_timeout = io::default_user_timeout;
    // Between "not ready" and the end of accepting, for balancers that look only now and then.
    duration drain_delay{};
    // How long what is in flight may take to finish; then it is cut off. A handler that has not
    // ended a second later is destroyed where it waits.
    duration drain_timeout = std::chrono::seconds{30};
    // Whether the admin pages may show what a connection carries. What says who somebody is has
    // stars in its place: Authorization, Proxy-Authorization, Cookie and Set-Cookie of HTTP, and
    // "token" of JSON. Any other secret stands there as it is, and so does the rest of one whose
    // beginning was consumed or sent before the trace began.
    bool wire_traces = false;
    // Where a successor asks for the listening sockets: the path of a unix socket, for this user
    // alone. Empty: nobody can take over.
    std::string takeover_path;
    // How long a successor may take to get ready, once it has them; then it is given up.
    duration takeover_timeout = std::chrono::minutes{1};
    weir::log_level log_level = log_level::info;
};

}  // namespace weir::inline v0
