// One task reads.
#include "weir/frame/framed.hpp"

weir::task<> read_all(weir::frame::framed::reader from) { (void)co_await from.next(); }

weir::task<> caller(weir::frame::framed& frames) {
    auto [reader, writer] = frames.split();
#ifdef WEIR_MUST_NOT_COMPILE
    co_await read_all(reader);
#endif
    co_await read_all(std::move(reader));
    (void)co_await writer.flush();
}
