#include "weir/http/static_protocol.hpp"

constexpr weir::http::static_protocol good = "Mirror/1";
static_assert(good.view() == "Mirror/1");
#ifdef WEIR_MUST_NOT_COMPILE
constexpr weir::http::static_protocol bad = "Mirror 1";
#endif
