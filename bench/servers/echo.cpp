// Framed echo from the public API: `bench_echo ENGINE PORT`.
#include <cstdio>
#include <string>

#include "weir/frame/framed.hpp"
#include "weir/service/service.hpp"

namespace {

weir::task<> echo(weir::net::connection& connection) {
    weir::frame::framed frames{connection};
    while (auto frame = co_await frames.next()) {
        if (auto sent = co_await frames.send(*frame); !sent) break;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: bench_echo ENGINE PORT\n");
        return 2;
    }
    weir::service_options options;
    options.runtime.engine = weir::io::parse_engine_kind(argv[1]).value();
    options.runtime.loops = 1;
    options.log_level = weir::log_level::warning;
    weir::service service{options};
    service.listen(std::string{"127.0.0.1:"} + argv[2], echo, "frames");
    return service.run();
}
