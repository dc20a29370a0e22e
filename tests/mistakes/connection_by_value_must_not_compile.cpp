// A connection has one owner: a handler gets a reference.
#include "weir/service/service.hpp"

weir::task<> echo(weir::net::connection& connection);
weir::task<> copies(weir::net::connection connection);

int main() {
    weir::service service;
    service.listen("127.0.0.1:0", echo);
#ifdef WEIR_MUST_NOT_COMPILE
    service.listen("127.0.0.1:0", copies);
#endif
}
