// What has no escapes is not copied.
#include <span>
#include <string>

#include "weir/http/percent.hpp"

std::string text_of_user();

bool caller(std::span<char> room) {
    const std::string text = text_of_user();
    const auto segment = weir::http::percent_decode(text, room);
    const auto value = weir::http::form_decode(text, room);
#ifdef WEIR_MUST_NOT_COMPILE
    const auto other_segment = weir::http::percent_decode(text_of_user(), room);
    const auto other_value = weir::http::form_decode(text_of_user(), room);
    return other_segment && other_value;
#endif
    return segment && value;
}
