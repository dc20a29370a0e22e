// All of it together: a journal. Lines are added over HTTP and followed over frames.
//
//     example_together journal.db
//     curl -d 'the door is open' http://127.0.0.1:8080/lines
//
// README.md says where each technique is. One loop, on which writers and followers meet; a service
// for more shares what it has behind flow::shared_semaphore and db::database, which all loops may
// use.
#include <array>
#include <string>

#include "weir/db/migration.hpp"
#include "weir/http/server.hpp"
#include "weir/service/service.hpp"

#include "followers.hpp"
#include "journal.hpp"

namespace db = weir::db;
namespace http = weir::http;
using namespace std::chrono_literals;

namespace {

weir::service_options limits() {
    weir::service_options options;
    options.name = "together";
    options.runtime.loops = 1;
    options.max_connections = 1000;
    options.connections.write_timeout = 2s;
    options.connections.output_limit = std::size_t{256} * 1024;
    options.drain_timeout = 10s;
    return options;
}

http::server_options http_limits(weir::service& service) {
    http::server_options options;
    options.limits.max_body_bytes = 32 * 1024;
    options.request_timeout = 3s;
    options.metrics = &service.metrics();
    return options;
}

bool has_schema(const std::string& url, weir::log& log) {
    std::array<db::migration, 1> wanted;
    wanted[0].number = 1;
    wanted[0].name = "lines";
    wanted[0].sql =
        "create table line (number integer primary key autoincrement,"
        " trace text not null, text text not null)";
    const auto done = db::migrate(url, wanted);
    if (!done) log.error(done.error().why.message());
    return done.has_value();
}

}  // namespace

// example_together DATABASE [HTTP FRAMES ADMIN]: a file, and where to listen.
int main(int argc, char** argv) {
    const std::string url = std::string{"sqlite:"} + (argc > 1 ? argv[1] : "journal.db");
    weir::service service{limits()};
    if (!has_schema(url, service.log())) return 2;
    followers followers{service.metrics()};
    journal journal{url, service, followers};
    http::router routes;
    routes.route("POST", "/lines", [&](http::request& request) { return journal.add(request); });
    service.listen(argc > 2 ? argv[2] : "127.0.0.1:8080",
                   http::serve(std::move(routes), http_limits(service)), "http");
    service.listen(
        argc > 3 ? argv[3] : "127.0.0.1:9000",
        [&](weir::net::connection& connection) { return followers.follow(connection, &journal); },
        "frames");
    service.admin(argc > 4 ? argv[4] : "127.0.0.1:8081");
    return service.run();
}
