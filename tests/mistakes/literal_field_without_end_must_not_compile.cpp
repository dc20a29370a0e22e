#include "weir/http/response.hpp"

int main() {
    weir::http::response good{weir::http::status::ok, "Cache-Control: no-store\r\n"};
    good.set_status(weir::http::status::created);
#ifdef WEIR_MUST_NOT_COMPILE
    weir::http::response bad{weir::http::status::ok, "Cache-Control: no-store"};
    bad.set_status(weir::http::status::created);
#endif
}
