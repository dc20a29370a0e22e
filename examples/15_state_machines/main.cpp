// A sink for mail, for tests of what sends it: takes it, counts it, and keeps none. What may come
// when is in mail_session.hpp; here are its socket, its deadlines and its metrics.
#include <cstdio>
#include <string>
#include <string_view>

#include "weir/base/diagram.hpp"
#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"

#include "mail_session.hpp"

namespace metrics = weir::metrics;
namespace net = weir::net;
using namespace std::chrono_literals;
using weir::or_return;

class sink {
public:
    explicit sink(metrics::registry& registry)
        : mails_{registry.counter("sink_mails_total", "Mails taken.")},
          bytes_{registry.counter("sink_mail_bytes_total", "Bytes of mails taken.")},
          replies_{registry.counter_family("sink_replies_total",
                                           "Replies, by what they begin with.", {"code"})} {}

    weir::task<> serve(net::connection& connection) const {
        const weir::result<> outcome = co_await converse(connection);
        if (!outcome && outcome.error() == weir::errc::timed_out)
            say(connection, "421 too slow, or the service ends");
    }

private:
    static constexpr auto patience = 2s;  // from a reply to the next, a whole mail included

    weir::task<weir::result<>> converse(net::connection& connection) const {
        mail_session session;
        say(connection, "220 sink");
        while (!session.ended()) {
            const auto step = session.next(weir::as_text(connection.input()));
            if (step.consumed == 0) {
                co_await or_return(connection.flush());
                co_await or_return(connection.fill());
                continue;
            }
            connection.consume(step.consumed);
            if (step.took_mail) {
                mails_.add();
                bytes_.add(session.mail_size());
            }
            if (!step.reply.empty()) say(connection, step.reply);
        }
        co_return weir::result<>{};
    }

    void say(net::connection& to, std::string_view reply) const {
        to.write(weir::as_bytes(std::string{reply} + "\r\n"));
        to.set_read_deadline(to.loop().now() + patience);
        replies_.with({reply.substr(0, 3)}).add();
    }

    metrics::counter mails_;
    metrics::counter bytes_;
    metrics::family<metrics::counter> replies_;
};

// example_state_machines [SMTP ADMIN]: where to listen; --diagram prints the machine's table.
int main(int argc, char** argv) {
    using state = mail_session::state;
    if (argc > 1 && argv[1] == std::string_view{"--diagram"}) {
        const std::string diagram =
            weir::to_mermaid(mail_session::table, state::awaiting_hello, state::ended);
        return std::fputs(diagram.c_str(), stdout) < 0 ? 1 : 0;
    }
    weir::service_options options;
    options.max_connections = 100;
    options.connections.write_timeout = 2s;
    weir::service service{options};
    const sink sink{service.metrics()};
    service.listen(
        argc > 1 ? argv[1] : "127.0.0.1:2525",
        [&](net::connection& connection) { return sink.serve(connection); }, "smtp");
    service.admin(argc > 2 ? argv[2] : "127.0.0.1:8081");
    return service.run();
}
