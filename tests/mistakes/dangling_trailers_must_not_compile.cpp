// Trailers are views into their lines.
#include <string>

#include "weir/http/trailer_fields.hpp"

std::string text_of_user();

bool caller() {
    const std::string text = text_of_user();
    weir::http::trailer_fields trailers{text};
#ifdef WEIR_MUST_NOT_COMPILE
    weir::http::trailer_fields other{text_of_user()};
    return other.next().has_value();
#endif
    return trailers.next().has_value();
}
