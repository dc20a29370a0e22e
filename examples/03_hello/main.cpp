// HTTP in a page: keep-alive, pipelining, deadlines, limits, metrics and a drain on SIGTERM.
//
//     curl http://127.0.0.1:8080/hello
//     curl 'http://127.0.0.1:8080/greet/Ada?loud=yes'
#include <string>

#include "weir/http/server.hpp"
#include "weir/service/service.hpp"

namespace http = weir::http;

http::response greet(http::request& request) {
    std::string words = "Hello, " + std::string{request.param("name")};
    words += request.query("loud") ? "!\n" : ".\n";
    return http::text(std::move(words));
}

int main() {
    weir::service service;
    http::router routes;
    routes.route("GET", "/hello", [](http::request&) { return http::text("hello\n"); })
        .route("GET", "/greet/{name}", greet);
    http::server_options options;
    options.metrics = &service.metrics();
    service.listen("127.0.0.1:8080", http::serve(std::move(routes), options), "http");
    service.admin("127.0.0.1:8081");
    return service.run();
}
