// GET /vendors/{prefix} in front of a service that speaks frames: asked over one connection, 64
// calls at a time, each for two seconds at most. What has no good answer is 502, 503 or 504, and
// counted by its reason.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/frame/client.hpp"
#include "weir/http/error_response.hpp"
#include "weir/http/server.hpp"
#include "weir/io/resolver.hpp"
#include "weir/service/service.hpp"
#include "weir/task/with_timeout.hpp"

namespace frame = weir::frame;
namespace http = weir::http;
namespace net = weir::net;
using namespace std::chrono_literals;

class front {
public:
    front(weir::service& service, std::vector<net::host> backends)
        : resolver_{service.blocking()},
          failures_{service.metrics().counter_family("calls_failed_total",
                                                     "Calls without a good answer.", {"reason"})} {
        frame::client_options options{std::move(backends)};  // tried in order
        options.max_in_flight = 64;
        options.max_waiting = 64;
        options.connect_timeout = 1s;
        weir::io::loop& loop = service.runtime().at(0);
        backend_ = std::make_unique<frame::client>(loop, resolver_, loop.env(), options);
    }

    // The deadline is sent along, so that the service gives up when nobody waits any more.
    weir::task<http::response> get(http::request& request) {
        frame::call_params params;
        params.text("prefix", request.param("prefix"));
        auto calling = backend_->call("vendor", std::move(params));
        auto answer = co_await weir::with_timeout(2s, std::move(calling));
        if (answer) co_return http::json(std::string{answer->json()});
        const weir::errc why = answer.error().code();
        if (why == weir::errc::not_found) co_return http::problem(http::status::not_found);
        failures_.with({to_string(why)}).add();
        co_return http::problem(status_for(why));
    }

private:
    // Whose fault it is: not our caller's.
    static http::status status_for(weir::errc why) {
        if (why == weir::errc::timed_out) return http::status::gateway_timeout;
        if (why == weir::errc::overloaded || why == weir::errc::unavailable)
            return http::status::service_unavailable;
        return http::status::bad_gateway;
    }

    weir::io::system_resolver resolver_;
    weir::metrics::family<weir::metrics::counter> failures_;
    std::unique_ptr<frame::client> backend_;
};

// example_frame_client BACKEND [HTTP ADMIN]: HOST:PORT of the frames, and where to listen.
int main(int argc, char** argv) {
    auto backend = net::host::parse(argc > 1 ? argv[1] : "127.0.0.1:9000");
    if (!backend) return std::fputs("BACKEND is no HOST:PORT\n", stderr), 2;
    weir::service_options options;
    options.runtime.loops = 1;  // a client belongs to its loop
    weir::service service{options};
    front front{service, {std::move(*backend)}};
    http::router routes;
    routes.route("GET", "/vendors/{prefix}",
                 [&](http::request& request) { return front.get(request); });
    service.listen(argc > 2 ? argv[2] : "127.0.0.1:8090", http::serve(std::move(routes)), "http");
    service.admin(argc > 3 ? argv[3] : "127.0.0.1:8091");
    return service.run();
}
