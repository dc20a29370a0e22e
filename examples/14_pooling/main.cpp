// A front for a backend that bears two connections: callers send a frame and get the backend's
// answer, however many they are. Who finds both taken waits for its turn, two seconds at most.
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/frame/framed.hpp"
#include "weir/io/resolver.hpp"
#include "weir/net/dial.hpp"
#include "weir/pool/pool.hpp"
#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/with_timeout.hpp"

namespace frame = weir::frame;
namespace metrics = weir::metrics;
namespace net = weir::net;
using namespace std::chrono_literals;
using weir::or_return;

// What is dear: a connection to the backend.
struct backend_link {
    backend_link(std::unique_ptr<weir::io::transport> transport, weir::io::loop& loop,
                 const net::connection_options& options)
        : connection{std::move(transport), loop, options} {}

    net::connection connection;
    frame::framed frames{connection};
    bool in_exchange = false;  // a request has been sent, and its answer not been read
};

// How one is made, and when one must not be lent again.
class dialer final : public weir::pool::manager<backend_link> {
public:
    dialer(weir::io::runtime& runtime, net::host backend)
        : loop_{runtime.at(0)}, resolver_{runtime.blocking()}, backend_{std::move(backend)} {
        patience_.timeout = 1s;
    }

    weir::task<weir::result<std::unique_ptr<backend_link>>> create() override {
        std::vector<net::host> hosts{backend_};
        auto transport =
            co_await or_return(net::dial(loop_, resolver_, std::move(hosts), patience_));
        co_return std::make_unique<backend_link>(std::move(transport), loop_, options_);
    }
    // One that comes back in the middle would give its next user an answer to somebody else.
    weir::result<> recycle(backend_link& back) noexcept override {
        if (back.in_exchange) return weir::fail(weir::errc::closed);
        return {};
    }

private:
    weir::io::loop& loop_;
    weir::io::system_resolver resolver_;
    net::host backend_;
    net::dial_options patience_;
    net::connection_options options_;
};

class front {
public:
    front(weir::service& service, net::host backend)
        : links_{std::make_unique<dialer>(service.runtime(), std::move(backend)), limits()},
          failures_{service.metrics().counter_family("front_failures_total",
                                                     "Calls without an answer.", {"reason"})},
          busy_{service.metrics().gauge_callback(
              "front_links_in_use", "Links that are lent.", {},
              [this] { return static_cast<double>(links_.counts().in_use); })},
          waiting_{service.metrics().gauge_callback(
              "front_calls_waiting", "Calls that wait for a link.", {},
              [this] { return static_cast<double>(links_.counts().waiting); })} {}

    weir::task<> serve(net::connection& connection) {
        frame::framed caller{connection};
        while (auto call = co_await caller.next()) {
            const auto done = co_await weir::with_timeout(3s, relay(caller, call->bytes()));
            if (done) continue;
            const std::string_view reason = to_string(done.error().code());
            failures_.with({reason}).add();
            if (auto sent = co_await caller.send(weir::as_bytes(reason)); !sent) break;
        }
    }

private:
    static weir::pool::options limits() {
        return {.max_size = 2, .max_waiters = 100, .acquire_timeout = 2s};
    }

    // The link goes back on every way out; what the answer is a view of goes with it.
    weir::task<weir::result<>> relay(frame::framed& caller, weir::bytes_view call) {
        auto link = co_await or_return(links_.acquire());
        link->in_exchange = true;
        co_await or_return(link->frames.send(call));
        const auto answer = co_await or_return(link->frames.next());
        link->in_exchange = false;
        co_return co_await caller.send(answer.bytes());
    }

    weir::pool::pool<backend_link> links_;
    metrics::family<metrics::counter> failures_;
    metrics::callback_registration busy_;
    metrics::callback_registration waiting_;
};

// example_pooling BACKEND [FRAMES ADMIN]: HOST:PORT of the backend, and where to listen.
int main(int argc, char** argv) {
    auto backend = net::host::parse(argc > 1 ? argv[1] : "127.0.0.1:9100");
    if (!backend) return EXIT_FAILURE;
    weir::service_options options;
    options.runtime.loops = 1;  // a link belongs to the loop that made it
    weir::service service{options};
    front front{service, std::move(*backend)};
    service.listen(
        argc > 2 ? argv[2] : "127.0.0.1:9000",
        [&](net::connection& connection) { return front.serve(connection); }, "front");
    service.admin(argc > 3 ? argv[3] : "127.0.0.1:8081");
    return service.run();
}
