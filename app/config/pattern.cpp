#include "app/config/pattern.hpp"

#include <algorithm>
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

constexpr std::string_view digits = "0123456789";

std::size_t digits_at_front(std::string_view text) noexcept {
    return std::min(text.find_first_not_of(digits), text.size());
}

// libstdc++ adds up the digits of a count, or of a back reference, and does not look whether they
// fit.
bool counts_too_far(std::string_view text) noexcept {
    constexpr std::size_t most_digits = 9;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' && text[at] != '{') continue;
        std::string_view behind = text.substr(at + 1);
        const std::size_t least = digits_at_front(behind);
        if (least > most_digits) return true;
        behind.remove_prefix(least);
        if (text[at] == '\\')
            ++at;  // what is escaped begins nothing
        else if (behind.starts_with(',') && digits_at_front(behind.substr(1)) > most_digits)
            return true;
    }
    return false;
}

}  // namespace

result<pattern> pattern::compile(std::string text) {
    if (counts_too_far(text)) return fail(errc::invalid_argument, "a count in it is too large");
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
