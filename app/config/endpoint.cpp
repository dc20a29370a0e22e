#include "app/config/endpoint.hpp"

namespace weir::app {

std::string_view to_string(endpoint_method method) noexcept {
    switch (method) {
        case endpoint_method::get:
            return "GET";
        case endpoint_method::post:
            return "POST";
        case endpoint_method::put:
            return "PUT";
        case endpoint_method::patch:
            return "PATCH";
        case endpoint_method::delete_:
            return "DELETE";
    }
    return "";
}

std::string_view to_string(result_shape shape) noexcept {
    switch (shape) {
        case result_shape::rows:
            return "rows";
        case result_shape::row:
            return "row";
        case result_shape::changes:
            return "changes";
    }
    return "";
}

}  // namespace weir::app
