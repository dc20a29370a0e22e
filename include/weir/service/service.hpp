// A service: listeners, loops, drain, metrics and admin pages; what every main() holds.
//
//     weir::service service;
//     service.listen("127.0.0.1:9000", echo);
//     return service.run();
//
// run() is a thin shell (threads, signals) around serve(), which runs on any runtime, the
// simulator's included. SIGTERM or SIGINT drains: the service says that it is not ready, takes the
// connections that wait to be accepted, stops accepting, finishes what is in flight, and ends. So
// it does when a successor has taken over; the connections that wait are the successor's then.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/io/runtime.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/net/connection.hpp"
#include "weir/service/admin_guard.hpp"
#include "weir/service/connection_handler.hpp"
#include "weir/service/log.hpp"
#include "weir/service/options.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0 {

struct service_state;

class WEIR_API service {
public:
    explicit service(service_options options = {});
    service(const service&) = delete;
    service& operator=(const service&) = delete;
    ~service();

    // Before serve() or run(). address: as io::endpoint::parse, port 0 for any. protocol: what the
    // metrics call it. Throws std::invalid_argument where the address is none.
    void listen(std::string_view address, connection_handler handler,
                std::string_view protocol = "tcp");
    // Admin pages: /metrics, /healthz, /readyz. Answers only requests whose Host names a loopback
    // host, the address itself (any address, where it listens on all), or one of `hosts`, which
    // have no port: against DNS rebinding. One of the pages sets the log level: off loopback
    // `guard` should say who may.
    void admin(std::string_view address, std::vector<std::string> hosts = {},
               admin_guard guard = {});
    // The service is ready while all its checks are. check is called on a loop and must not block.
    void ready_when(std::string_view name, std::function<result<>()> check);

    // Sockets that listened before this process did; serve() uses them for the addresses that they
    // have, and opens the others. Both before serve(), and before there are other threads.
    //
    // systemd's (LISTEN_FDS), and whom to tell of readiness and that the loops turn (NOTIFY_SOCKET,
    // WATCHDOG_USEC). run() calls it where nobody has. Errors: invalid_argument, malformed.
    result<> inherit();
    // Those of the service that runs now with the same options.takeover_path, which drains as soon
    // as this one serves. Waits for ten seconds at most. Errors: refused: none runs there;
    // permission_denied, unavailable, timed_out, malformed: it goes on as it is.
    result<> take_over();
    bool has_inherited(const io::endpoint& at) const noexcept;
    // Whether serve() would find a use for each socket that systemd keeps, if it listened at these
    // addresses; for those who have something to do before that a start in vain would leave behind.
    // Errors: invalid_argument, as serve().
    result<> check_inherited(std::span<const io::endpoint> addresses) const;

    // Owned by the service, there before it runs.
    metrics::registry& metrics() noexcept;
    io::runtime& runtime() noexcept;
    io::blocking_pool& blocking() noexcept { return runtime().blocking(); }
    class log& log() noexcept;

    // Serves until a drain has ended. Errors: what listening failed with, before anything is
    // accepted; invalid_argument: systemd passed a socket for none of the addresses; unavailable:
    // the predecessor did not hand over; timed_out: the drain deadline cut connections off.
    // Cancellation: cuts off at once; a handler that ignores that is named in the log and destroyed
    // a second later, as at the end of a drain. Lifetime: not to be destroyed before it has ended.
    task<result<>> serve(io::runtime& runtime);
    // From any thread: begins the drain, once serve() runs.
    void drain() noexcept;
    // Whether it accepts, and no drain has begun; whether the checks pass, /readyz tells. From any
    // thread.
    bool accepting() const noexcept;
    // Where the listeners are, in the order of listen(); valid while serving.
    io::endpoint local(std::size_t listener) const;
    std::size_t open_connections() const noexcept;

    // serve() on the service's own runtime, with signals. Answers with an exit code: 0 drained, 1
    // the drain deadline cut work off, 2 it could not start, 3 a second signal.
    int run();

private:
    std::unique_ptr<service_state> state_;
};

}  // namespace weir::inline v0
