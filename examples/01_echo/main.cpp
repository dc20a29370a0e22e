// Framed echo: drain on SIGTERM, deadlines, limits and metrics come with the service.
#include "weir/frame/framed.hpp"
#include "weir/service/service.hpp"

weir::task<> echo(weir::net::connection& connection) {
    weir::frame::framed frames{connection};
    while (auto frame = co_await frames.next()) {  // a view into the receive buffer
        if (auto sent = co_await frames.send(*frame); !sent) break;
    }
}

int main() {
    weir::service service;
    service.listen("127.0.0.1:9000", echo);
    service.admin("127.0.0.1:8081");
    return service.run();  // SIGTERM drains
}
