// Pairs are views into the query.
#include <string>

#include "weir/http/query.hpp"

std::string text_of_user();

bool caller() {
    const std::string text = text_of_user();
    weir::http::query_pairs parts{text};
#ifdef WEIR_MUST_NOT_COMPILE
    weir::http::query_pairs other{text_of_user()};
    return other.next().has_value();
#endif
    return parts.next().has_value();
}
