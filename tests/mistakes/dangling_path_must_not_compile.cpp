// Segments are views into the path.
#include <string>

#include "weir/http/path_segments.hpp"

std::string text_of_user();

bool caller() {
    const std::string text = text_of_user();
    weir::http::path_segments parts{text};
#ifdef WEIR_MUST_NOT_COMPILE
    weir::http::path_segments other{text_of_user()};
    return other.next().has_value();
#endif
    return parts.next().has_value();
}
