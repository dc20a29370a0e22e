// A front for an HTTP service: asks it what it is asked, over four connections at most, and hands
// on 64 KiB at most. What has no good answer within two seconds is 502, 503 or 504, and counted.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/http/client.hpp"
#include "weir/http/server.hpp"
#include "weir/io/resolver.hpp"
#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/with_timeout.hpp"

namespace http = weir::http;
namespace net = weir::net;
using namespace std::chrono_literals;
using weir::or_return;

class front {
public:
    front(weir::service& service, net::host backend) : resolver_{service.blocking()} {
        http::client_options options;
        options.hosts.push_back(std::move(backend));
        options.connections.max_size = 4;
        options.connections.acquire_timeout = 1s;
        options.connect_timeout = 1s;
        options.max_collected = std::size_t{64} << 10U;
        options.metrics = &service.metrics();  // requests, failures by reason, latency, reuse
        options.name = "backend";
        backend_ = std::make_unique<http::client>(service.runtime().at(0), resolver_, options);
    }

    weir::task<http::response> get(http::request& request) {
        std::string target{request.path()};
        if (!request.query().empty()) target.append("?").append(request.query());
        auto asking = ask(std::move(target));
        auto answer = co_await weir::with_timeout(2s, std::move(asking));
        if (answer) co_return std::move(*answer);
        co_return http::problem(status_for(answer.error().code()));
    }

private:
    // On every way out the connection goes back to the client: kept where its response was read to
    // the end, else closed, and then the backend is told to stop.
    weir::task<weir::result<http::response>> ask(std::string target) {
        auto answer = co_await or_return(backend_->get(target));
        auto body = co_await or_return(answer.text());
        http::response told{answer.status()};
        if (const auto type = answer.header("Content-Type"))
            co_await or_return(told.add("Content-Type", *type));
        told.set_body(std::move(body));
        co_return told;
    }

    // Whose fault it is: not our caller's.
    static http::status status_for(weir::errc why) {
        if (why == weir::errc::timed_out) return http::status::gateway_timeout;
        if (why == weir::errc::overloaded || why == weir::errc::unavailable)
            return http::status::service_unavailable;
        return http::status::bad_gateway;
    }

    weir::io::system_resolver resolver_;
    std::unique_ptr<http::client> backend_;
};

// example_http_client BACKEND [HTTP ADMIN]: HOST:PORT of the backend, and where to listen.
int main(int argc, char** argv) {
    auto backend = net::host::parse(argc > 1 ? argv[1] : "127.0.0.1:8000");
    if (!backend) return std::fputs("BACKEND is no HOST:PORT\n", stderr), 2;
    weir::service_options options;
    options.runtime.loops = 1;  // a client belongs to its loop
    weir::service service{options};
    front front{service, std::move(*backend)};
    http::router routes;
    routes.otherwise([&](http::request& request) { return front.get(request); });
    service.listen(argc > 2 ? argv[2] : "127.0.0.1:8080", http::serve(std::move(routes)), "http");
    service.admin(argc > 3 ? argv[3] : "127.0.0.1:8081");
    return service.run();
}
