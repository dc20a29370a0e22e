#include "app/config/pattern.hpp"

#include <regex>

namespace weir::app {

struct pattern::compiled {
    std::string text;
    std::regex regex;
};

namespace {

// libstdc++ backtracks by default, recursing once a character: a long value would overflow the
// stack, a malicious one take exponential time. This flag of its own runs all alternatives side by
// side instead, and refuses back references.
constexpr auto flags = std::regex::ECMAScript | std::regex_constants::__polynomial;

}  // namespace

result<pattern> pattern::compile(std::string text) {
    try {
        std::regex regex{text, flags};
        return pattern{std::make_shared<const compiled>(std::move(text), std::move(regex))};
    } catch (const std::regex_error& wrong) {
        return fail(errc::invalid_argument, wrong.what());
    }
}

bool pattern::matches(std::string_view value) const {
    return std::regex_match(value.begin(), value.end(), compiled_->regex);
}

const std::string& pattern::text() const noexcept { return compiled_->text; }

}  // namespace weir::app
