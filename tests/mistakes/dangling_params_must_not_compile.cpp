// The JSON of a call's parameters lies in them.
#include "weir/frame/call_params.hpp"

weir::frame::call_params params_of_user();

std::size_t caller() {
    const weir::frame::call_params params = params_of_user();
    std::size_t size = params.json().size();
#ifdef WEIR_MUST_NOT_COMPILE
    const std::string_view json = params_of_user().json();
    size += json.size();
#endif
    return size;
}
