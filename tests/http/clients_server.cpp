// What other people's clients talk to in clients_test.py: `clients_server ENGINE`. It says on
// standard error where it listens, and drains on SIGTERM.
#include <cstdio>
#include <string>

#include "weir/http/server.hpp"
#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

namespace {

namespace http = weir::http;

weir::task<weir::result<http::response>> echo(http::request& request) {
    const weir::bytes_view body = co_await weir::or_return(request.read_body());
    co_return http::text(std::string{weir::as_text(body)});
}

weir::task<weir::result<http::response>> count(http::request& request) {
    std::size_t bytes = 0;
    for (;;) {
        const weir::bytes_view piece = co_await weir::or_return(request.body_chunk());
        if (piece.empty()) break;
        bytes += piece.size();
    }
    co_return http::text(std::to_string(bytes));
}

weir::task<http::response> slow(http::request&) {
    (void)co_await weir::sleep(std::chrono::milliseconds{500});
    co_return http::text("slow");
}

http::response large(http::request&) { return http::text(std::string(std::size_t{4} << 20U, 'x')); }

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    weir::service_options options;
    options.runtime.engine = weir::io::parse_engine_kind(argv[1]).value();
    weir::service service{options};
    http::router routes;
    routes.route("GET", "/hello", [](http::request&) { return http::text("hello"); })
        .route("POST", "/echo", echo)
        .route("POST", "/count", count)
        .route("POST", "/ignore", [](http::request&) { return http::text("ignored"); })
        .route("GET", "/slow", slow)
        .route("GET", "/large", large);
    service.listen("127.0.0.1:0", http::serve(std::move(routes)), "http");
    return service.run();
}
