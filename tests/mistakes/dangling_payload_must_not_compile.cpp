// What is sent must stay until it is.
#include "weir/frame/framed.hpp"

std::string text_of_user();

weir::task<> caller(weir::frame::framed& frames) {
    const std::string text = text_of_user();
    auto sending = frames.send(weir::as_bytes(text));
    (void)co_await sending;
#ifdef WEIR_MUST_NOT_COMPILE
    auto other = frames.send(weir::as_bytes(text_of_user()));
    (void)co_await other;
#endif
}
