#include "weir/net/connection.hpp"

weir::task<> serve(weir::net::connection& connection) {
    weir::net::connection& same = connection;
#ifdef WEIR_MUST_NOT_COMPILE
    weir::net::connection twin = connection;
#endif
    co_await same.close();
}
