// What the parts of a service share. Built before it serves; afterwards only what is atomic
// changes.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "weir/flow/event.hpp"
#include "weir/io/listener.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/service/service.hpp"

#include "address_counts.hpp"
#include "beat_watch.hpp"
#include "heartbeats.hpp"
#include "home_loops.hpp"
#include "listener_provider.hpp"
#include "supervisor.hpp"
#include "takeover.hpp"

namespace weir::inline v0 {

// A place where connections arrive, and what becomes of them.
struct listening {
    io::endpoint address;
    connection_handler handler;
    metrics::counter accepted;
    std::string protocol;
    std::string name;                        // protocol and address, while serving
    std::unique_ptr<io::listener> listener;  // while serving, on the first loop
    // Its connections are not spread over the loops: whoever asks what is wrong with one of them
    // must not be handed to it.
    bool stays_on_first_loop = false;
};

struct service_metrics {
    explicit service_metrics(metrics::registry& registry);

    metrics::family<metrics::counter> accepted;
    metrics::family<metrics::counter> refused;
    metrics::counter over_limit;
    metrics::counter over_address_limit;
    metrics::counter accept_errors;
    metrics::counter loop_stalls;
    metrics::counter handler_failures;
    metrics::family<metrics::counter> closed;
    metrics::gauge open;
    metrics::counter received_bytes;
    metrics::counter sent_bytes;
    metrics::family<metrics::counter> evicted;
};

struct readiness_check {
    std::string name;
    std::function<result<>()> check;
};

class worker;

struct service_state {
    explicit service_state(service_options wanted);

    service_options options;
    class log log;
    io::runtime runtime;
    metrics::registry registry;
    service_metrics metrics;
    address_counts addresses;
    home_loops homes;
    std::deque<listening> listeners;
    std::vector<readiness_check> checks;
    listener_provider provider;
    // Where a successor asks, while serving; null where none may.
    std::unique_ptr<io::listener> takeover_listener;
    std::optional<takeover> predecessor;
    supervisor watched_by;
    bool has_looked_around = false;  // inherit() has been called
    heartbeats beats;
    std::optional<beat_watch> turning;                 // by the first loop, while serving
    std::span<const std::unique_ptr<worker>> workers;  // one a loop, while serving
    std::atomic<std::uint64_t> last_connection = 0;

    std::atomic<bool> accepting = false;
    std::atomic<std::size_t> open = 0;
    flow::event drain_wanted;
    // A supervisor that is slow to hear of a successor does not use up the time of the drain.
    std::atomic<bool> telling_of_successor = false;
};

}  // namespace weir::inline v0
