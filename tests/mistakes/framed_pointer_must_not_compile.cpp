#include "weir/frame/framed.hpp"

weir::task<> serve(weir::net::connection& connection) {
    weir::frame::framed frames{connection};
#ifdef WEIR_MUST_NOT_COMPILE
    weir::frame::framed others{&connection};
#endif
    auto frame = co_await frames.next();
}
