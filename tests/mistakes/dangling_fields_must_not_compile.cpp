// Fields lie in the head that has them.
#include "weir/http/request_head.hpp"

std::span<const weir::http::field> caller(const weir::http::request_head& given) {
#ifdef WEIR_MUST_NOT_COMPILE
    const weir::http::request_head own;
    return own.fields();
#endif
    return given.fields();
}
