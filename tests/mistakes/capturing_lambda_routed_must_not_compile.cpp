#include "weir/http/server.hpp"

int main() {
    weir::http::router routes;
    int served = 0;
    // Captures, and is no coroutine.
    routes.route("GET", "/hello", [&served](weir::http::request&) {
        ++served;
        return weir::http::text("hello\n");
    });
#ifdef WEIR_MUST_NOT_COMPILE
    routes.route("GET", "/", [&served](weir::http::request&) -> weir::task<weir::http::response> {
        ++served;
        co_return weir::http::text("hello\n");
    });
#endif
}
