#include "weir/service/service.hpp"

weir::task<> echo(weir::net::connection& connection) { co_await connection.close(); }

int main() {
    weir::service service;
    service.listen("127.0.0.1:0", echo);
#ifdef WEIR_MUST_NOT_COMPILE
    service.listen("127.0.0.1:0", [](weir::net::connection&) {});
#endif
}
