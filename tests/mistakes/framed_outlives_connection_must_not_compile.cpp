// A framed refers to its connection.
#include "weir/frame/framed.hpp"

weir::frame::framed good(weir::net::connection& connection) {
    return weir::frame::framed{connection};
}

#ifdef WEIR_MUST_NOT_COMPILE
weir::frame::framed bad(std::unique_ptr<weir::io::transport> transport, weir::io::loop& loop,
                        const weir::net::connection_options& options) {
    weir::net::connection connection{std::move(transport), loop, options};
    return weir::frame::framed{connection};
}
#endif
