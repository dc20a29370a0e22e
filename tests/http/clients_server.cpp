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

weir::task<weir::result<>> write_pieces(http::body_writer& out) {
    const std::string piece(1000, 's');
    for (int i = 0; i < 1000; ++i) co_await weir::or_return(out.write(piece));
    co_await weir::or_return(out.add_trailer("X-Pieces", "1000"));
    co_return {};
}

http::response streamed(http::request& request) {
    http::response answer;
    if (request.query() == "known") {
        answer.stream(1'000'000, write_pieces);
    } else {
        answer.stream(write_pieces);
    }
    return answer;
}

weir::task<weir::result<>> break_off(http::body_writer& out) {
    co_await weir::or_return(out.write("not all of it"));
    (void)co_await weir::sleep(std::chrono::milliseconds{50});
    co_return weir::fail(weir::errc::unavailable);
}

http::response broken(http::request&) {
    http::response answer;
    answer.stream(break_off);
    return answer;
}

weir::task<weir::result<http::response>> form(http::request& request) {
    const http::form sent = co_await weir::or_return(request.form());
    co_return http::text(std::string{sent.find("name").value_or("nobody")});
}

weir::task<> mirror(weir::net::connection& connection) {
    for (;;) {
        connection.write(connection.input());
        connection.consume(connection.input().size());
        auto sent = co_await connection.flush();
        if (!sent) co_return;
        auto more = co_await connection.fill();
        if (!more) co_return;
    }
}

http::response to_mirror(http::request&) { return http::switch_protocols("mirror", mirror); }

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
        .route("GET", "/large", large)
        .route("GET", "/streamed", streamed)
        .route("GET", "/broken", broken)
        .route("POST", "/form", form)
        .route("GET", "/mirror", to_mirror);
    http::server_options http_options;
    http_options.request_ids = true;
    service.listen("127.0.0.1:0", http::serve(std::move(routes), http_options), "http");
    return service.run();
}
