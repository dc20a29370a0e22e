// Input is a view into what its connection holds.
#include <memory>
#include <utility>

#include "weir/net/connection.hpp"

weir::bytes_view caller(weir::net::connection& given,
                        std::unique_ptr<weir::io::transport> transport, weir::io::loop& loop,
                        const weir::net::connection_options& options) {
#ifdef WEIR_MUST_NOT_COMPILE
    const weir::net::connection own{std::move(transport), loop, options};
    return own.input();
#endif
    (void)transport, (void)loop, (void)options;
    return given.input();
}
