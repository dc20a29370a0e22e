// HTTP hello from the public API: `bench_hello ENGINE PORT [LOOPS]`, one loop where none is said.
// /hello is answered by a handler alone, /three by the same behind three middlewares.
#include <cstdio>
#include <string>

#include "weir/http/server.hpp"
#include "weir/service/service.hpp"

namespace http = weir::http;

namespace {

http::response hello(http::request&) { return http::text("hello\n"); }

weir::task<weir::result<http::response>> passes(http::request& request, http::next next) {
    co_return co_await next(request);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 4) {
        std::fprintf(stderr, "usage: bench_hello ENGINE PORT [LOOPS]\n");
        return 2;
    }
    weir::service_options options;
    options.runtime.engine = weir::io::parse_engine_kind(argv[1]).value();
    options.runtime.loops = argc == 4 ? static_cast<unsigned>(std::stoul(argv[3])) : 1;
    options.placement = weir::placement::by_processor;  // which has a load of its own
    options.log_level = weir::log_level::warning;
    options.max_connections = 20'000;  // bench/crowd brings more than the default
    weir::service service{options};
    http::router routes;
    routes.route("GET", "/hello", hello);
    routes.group("").use(passes).use(passes).use(passes).route("GET", "/three", hello);
    http::server_options counted;
    counted.metrics = &service.metrics();
    service.listen(std::string{"127.0.0.1:"} + argv[2], http::serve(std::move(routes), counted),
                   "http");
    return service.run();
}
