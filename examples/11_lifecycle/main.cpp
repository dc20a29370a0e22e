// Lines, answered with their lengths. What belongs to a connection goes with it on every way out:
// its peer said goodbye, was silent, broke off, broke the rules; the handler threw; the service
// drains.
#include <stdexcept>
#include <string>
#include <string_view>

#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/with_timeout.hpp"

namespace metrics = weir::metrics;
namespace net = weir::net;
using namespace std::chrono_literals;
using weir::or_return;

class lines {
public:
    explicit lines(metrics::registry& registry)
        : answered_{registry.counter("lines_answered_total", "Lines answered.")},
          ended_{registry.counter_family("lines_connections_ended_total",
                                         "Connections that have ended, by why.", {"reason"})} {}

    weir::task<> serve(net::connection& connection) const {
        const weir::result<> outcome = co_await answer_all(connection);
        ended_.with({outcome ? "goodbye" : to_string(outcome.error().code())}).add();
        // The service sends what is still unsent, and closes, whatever has happened here.
    }

private:
    static constexpr std::size_t longest_line = 1000;

    weir::task<weir::result<>> answer_all(net::connection& connection) const {
        for (;;) {
            // Of a whole line: a byte now and then does not extend it.
            const std::string line =
                co_await or_return(weir::with_timeout(2s, next_line(connection)));
            if (line == "throw") throw std::runtime_error{"asked to"};
            if (line == "bye") {
                connection.write(weir::as_bytes("goodbye\n"));
                co_return weir::result<>{};
            }
            connection.write(weir::as_bytes(std::to_string(line.size()) + "\n"));
            co_await or_return(connection.flush());
            answered_.add();
        }
    }

    static weir::task<weir::result<std::string>> next_line(net::connection& from) {
        for (;;) {
            const std::string_view input = weir::as_text(from.input());
            if (const std::size_t end = input.find('\n'); end != std::string_view::npos) {
                std::string line{input.substr(0, end)};
                from.consume(end + 1);
                co_return line;
            }
            if (input.size() > longest_line) co_return weir::fail(weir::errc::too_large);
            co_await or_return(from.fill());
        }
    }

    metrics::counter answered_;
    metrics::family<metrics::counter> ended_;
};

// example_lifecycle [LINES ADMIN]: where to listen.
int main(int argc, char** argv) {
    weir::service_options options;
    options.max_connections = 100;
    options.connections.write_timeout = 2s;
    options.drain_timeout = 10s;
    weir::service service{options};
    const lines lines{service.metrics()};
    service.listen(
        argc > 1 ? argv[1] : "127.0.0.1:9000",
        [&](net::connection& connection) { return lines.serve(connection); }, "lines");
    service.admin(argc > 2 ? argv[2] : "127.0.0.1:8081");
    return service.run();
}
