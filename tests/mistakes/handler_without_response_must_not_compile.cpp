#include "weir/http/server.hpp"

int main() {
    weir::http::router routes;
    routes.route("GET", "/hello", [](weir::http::request&) { return weir::http::text("hello\n"); });
#ifdef WEIR_MUST_NOT_COMPILE
    routes.route("GET", "/", [](weir::http::request&) -> weir::task<> { co_return; });
#endif
}
