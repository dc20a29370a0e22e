// GET /up: which of the services behind this one answer, asked all at the same time, beside what
// the operators left in a file. No wait outlives its deadline, and no work outlives its wait.
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/flow/shared_semaphore.hpp"
#include "weir/http/server.hpp"
#include "weir/io/resolver.hpp"
#include "weir/net/dial.hpp"
#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

namespace http = weir::http;
namespace metrics = weir::metrics;
namespace net = weir::net;
using namespace std::chrono_literals;
using weir::or_return;

// Blocks: for a thread of the pool.
weir::result<std::string> beginning_of(const std::string& file) {
    char text[200];
    std::ifstream from{file};
    if (!from) return weir::fail(weir::errc::not_found);
    from.read(text, sizeof text);
    return std::string{text, static_cast<std::size_t>(from.gcount())};
}

class overview {
public:
    overview(weir::service& service, std::vector<net::host> hosts, std::string note)
        : threads_{service.blocking()},
          resolver_{service.blocking()},
          hosts_{std::move(hosts)},
          note_{std::move(note)},
          checks_{service.metrics().counter_family("up_checks_total", "Checks, by their outcome.",
                                                   {"outcome"})},
          took_{service.metrics().histogram("up_check_seconds", "From a check to its outcome.")} {}

    weir::task<weir::result<http::response>> get(http::request& request) {
        auto turn = co_await or_return(turns_.acquire());
        auto [lines, note] = co_await weir::when_all(ask_all(request.loop()), read_note());
        lines += "note: " + (note ? *note : std::string{to_string(note.error().code())});
        co_return http::text(std::move(lines) + "\n");
    }

private:
    static constexpr auto patience = 500ms;
    static constexpr std::size_t most_at_once = 4;
    static constexpr std::size_t most_waiting = 4;

    // All at once: as slow as the slowest, and not as their sum. Where the request is stopped, by
    // its own deadline or the service's, so are the children of the scope.
    weir::task<std::string> ask_all(weir::io::loop& loop) {
        std::vector<std::string> lines(hosts_.size());
        const weir::environment& env = co_await weir::this_env{};
        weir::task_scope asking{env, [](const weir::error&) {}};
        for (std::size_t i = 0; i < hosts_.size(); ++i)
            asking.spawn(ask(loop, hosts_[i], &lines[i]), "ask a host");
        co_await asking.join();
        std::string all;
        for (const std::string& line : lines) all += line;
        co_return all;
    }

    weir::task<> ask(weir::io::loop& loop, net::host whom, std::string* line) {
        const weir::time_point began = loop.now();
        std::vector<net::host> hosts{whom};
        auto dialing = net::dial(loop, resolver_, std::move(hosts));
        const auto link = co_await weir::with_timeout(patience, std::move(dialing));
        const std::string_view outcome = link ? "up" : to_string(link.error().code());
        checks_.with({outcome}).add();
        took_.observe(loop.now() - began);
        *line = whom.text() + ": " + std::string{outcome} + "\n";
    }

    // A file may be on a disk that does not answer. At the deadline the thread is abandoned, and
    // stays busy until it does; the work owns its arguments for that.
    weir::task<weir::result<std::string>> read_note() {
        auto work = [file = note_] { return beginning_of(file); };
        auto reading = weir::io::run_blocking(threads_, std::move(work));
        co_return co_await weir::with_timeout(patience, std::move(reading));
    }

    weir::io::blocking_pool& threads_;
    weir::io::system_resolver resolver_;
    std::vector<net::host> hosts_;
    std::string note_;
    weir::flow::shared_semaphore turns_{most_at_once, most_waiting};
    metrics::family<metrics::counter> checks_;
    metrics::histogram took_;
};

// example_async NOTE HOST... HTTP ADMIN: a file, who is to be up, and where to listen.
int main(int argc, char** argv) {
    std::vector<net::host> hosts;
    for (int i = 2; i < argc - 2; ++i) {
        auto host = net::host::parse(argv[i]);
        if (!host) return std::fprintf(stderr, "%s: not HOST:PORT\n", argv[i]), 2;
        hosts.push_back(std::move(*host));
    }
    if (hosts.empty()) return std::fputs("NOTE HOST... HTTP ADMIN\n", stderr), 2;
    weir::service service;
    overview overview{service, std::move(hosts), argv[1]};
    http::router routes;
    routes.route("GET", "/up", [&](http::request& request) { return overview.get(request); });
    http::server_options options;
    options.request_timeout = 2s;
    options.metrics = &service.metrics();
    service.listen(argv[argc - 2], http::serve(std::move(routes), options), "http");
    service.admin(argv[argc - 1]);
    return service.run();
}
