#include "weir/service/service.hpp"

int main() {
    weir::service service;
    int served = 0;
    // Captures, and is no coroutine: it calls one.
    service.listen("127.0.0.1:0", [&served](weir::net::connection& connection) {
        ++served;
        return connection.close();
    });
#ifdef WEIR_MUST_NOT_COMPILE
    service.listen("127.0.0.1:0", [&served](weir::net::connection& connection) -> weir::task<> {
        ++served;
        co_await connection.close();
    });
#endif
}
