// A target's parts are views into its text.
#include <string>

#include "weir/http/target.hpp"

std::string text_of_user();

bool caller() {
    const std::string text = text_of_user();
    const auto target = weir::http::target::parse(text);
#ifdef WEIR_MUST_NOT_COMPILE
    const auto other = weir::http::target::parse(text_of_user());
    return other.has_value();
#endif
    return target.has_value();
}
