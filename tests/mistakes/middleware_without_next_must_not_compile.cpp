#include "weir/http/server.hpp"

namespace http = weir::http;

weir::task<weir::result<http::response>> passes(http::request& request, http::next next) {
    co_return co_await next(request);
}

int main() {
    http::router routes;
    routes.use(passes);
#ifdef WEIR_MUST_NOT_COMPILE
    routes.use([](http::request&) { return http::text("hello\n"); });
#endif
}
