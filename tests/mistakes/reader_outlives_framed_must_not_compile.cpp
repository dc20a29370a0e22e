// A half refers to the whole.
#include "weir/frame/framed.hpp"

weir::frame::framed::reader good(weir::frame::framed& frames) { return frames.split().first; }

#ifdef WEIR_MUST_NOT_COMPILE
weir::frame::framed::reader bad(weir::net::connection& connection) {
    weir::frame::framed frames{connection};
    return weir::frame::framed::reader{frames};
}
#endif
