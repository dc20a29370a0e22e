// What is to be sent, and not awaited, is not sent.
#include "weir/frame/framed.hpp"

weir::task<> caller(weir::net::connection& connection) {
    weir::frame::framed frames{connection};
    const auto payload = weir::as_bytes("hello");
    auto sent = co_await frames.send(payload);
#ifdef WEIR_MUST_NOT_COMPILE
    frames.send(payload);
#endif
}
