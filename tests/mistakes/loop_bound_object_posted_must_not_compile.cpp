// A connection stays on the loop that adopted it.
#include "weir/io/run_on.hpp"
#include "weir/net/connection.hpp"

weir::task<weir::result<>> count(int start);
weir::task<weir::result<>> serve(weir::net::connection* connection);

weir::task<> caller(weir::io::loop& other, weir::net::connection& connection) {
    connection.start_flush();
    weir::io::run_on counting{other, count, 7};
    co_await std::move(counting);
#ifdef WEIR_MUST_NOT_COMPILE
    weir::io::run_on serving{other, serve, &connection};
#endif
}
