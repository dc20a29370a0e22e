// POST /hooks/{source}: takes what other systems report, and answers when it is on disk. What is
// shown here is what it tells about itself: enough to draw it, and to wake somebody up.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "weir/base/utf8.hpp"
#include "weir/db/database.hpp"
#include "weir/db/database_metrics.hpp"
#include "weir/db/migration.hpp"
#include "weir/http/server.hpp"
#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/with_timeout.hpp"

namespace db = weir::db;
namespace http = weir::http;
namespace metrics = weir::metrics;
using namespace std::chrono_literals;
using weir::or_return;

// Looked up once; adding to them takes no lock. What was looked up is on the page from the start,
// as 0: a series that is not there yet looks like one that is lost.
struct hook_metrics {
    explicit hook_metrics(metrics::registry& registry)
        : now{registry.gauge("hooks_in_flight", "Hooks that are not answered yet.")},
          took{registry.histogram("hooks_seconds", "From a hook's arrival to its end.")},
          ended{registry.counter_family("hooks_total", "Hooks, by how they ended.", {"outcome"})},
          stored{ended.with({"stored"})},
          abandoned{ended.with({"abandoned"})},
          by_source{registry.counter_family("hooks_by_source_total", "Hooks, by who sent them.",
                                            {"source"}, most_sources)} {}

    // Peers choose the sources: the rest of them is counted as "other".
    static constexpr std::size_t most_sources = 20;

    metrics::gauge now;
    metrics::histogram took;
    metrics::family<metrics::counter> ended;
    metrics::counter stored;
    metrics::counter abandoned;
    metrics::family<metrics::counter> by_source;
};

// One hook, counted on every way out: returned early, thrown past, stopped. Other outcomes than the
// usual ones are error codes, and so a short list by themselves.
class observed {
public:
    observed(const hook_metrics& in, weir::io::loop& loop) : in_{in}, loop_{loop} { in_.now.add(); }
    observed(const observed&) = delete;
    observed& operator=(const observed&) = delete;
    ~observed() {
        in_.now.sub();
        in_.took.observe(loop_.now() - began_);
        outcome_.add();
    }

    void ended(const weir::result<db::rows>& how) {
        outcome_ = how ? in_.stored : in_.ended.with({to_string(how.error().code())});
    }

private:
    const hook_metrics& in_;
    weir::io::loop& loop_;
    weir::time_point began_ = loop_.now();
    metrics::counter outcome_ = in_.abandoned;
};

class hooks {
public:
    hooks(const std::string& url, weir::service& service)
        : metrics_{service.metrics()},
          database_{url, service.blocking()},
          database_metrics_{service.metrics(), database_} {}

    weir::task<weir::result<http::response>> take(http::request& request) {
        observed hook{metrics_, request.loop()};
        const auto stored = co_await weir::with_timeout(1s, store(request));
        hook.ended(stored);
        if (!stored) co_return weir::fail(stored.error().clone());
        co_return http::text("stored\n", http::status::created);
    }

private:
    weir::task<weir::result<db::rows>> store(http::request& request) {
        const std::string_view source = request.param("source");
        if (!weir::is_utf8(source)) co_return weir::fail(weir::errc::malformed);
        metrics_.by_source.with({source}).add();
        const weir::bytes_view body = co_await or_return(request.read_body());
        const db::params bound{{"source", source}, {"body", weir::as_text(body)}};
        co_return co_await database_.write(
            "insert into hook (source, body) values (:source, :body)", bound);
    }

    hook_metrics metrics_;
    db::database database_;
    db::database_metrics database_metrics_;
};

// example_metrics DATABASE [HTTP ADMIN]: a file, and where to listen.
int main(int argc, char** argv) {
    const std::string url = std::string{"sqlite:"} + (argc > 1 ? argv[1] : "hooks.db");
    std::array<db::migration, 1> wanted;
    wanted[0].number = 1;
    wanted[0].name = "hooks";
    wanted[0].sql = "create table hook (source text not null, body text not null)";
    weir::service service;
    if (auto made = db::migrate(url, wanted); !made) {
        service.log().error(made.error().why.message());
        return 2;
    }
    hooks hooks{url, service};
    http::server_options options;
    options.limits.max_body_bytes = 64 * 1024;
    options.max_in_flight = 100;
    options.metrics = &service.metrics();
    http::router routes;
    routes.route("POST", "/hooks/{source}",
                 [&](http::request& request) { return hooks.take(request); });
    service.listen(argc > 2 ? argv[2] : "127.0.0.1:8080", http::serve(std::move(routes), options),
                   "http");
    service.admin(argc > 3 ? argv[3] : "127.0.0.1:8081");
    return service.run();
}
