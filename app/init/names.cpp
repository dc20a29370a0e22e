#include "app/init/names.hpp"

#include <algorithm>

namespace weir::app {

namespace {

// An endpoint's name has at most 100: two of these and what stands between them.
constexpr std::size_t longest_name = 40;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

}  // namespace

std::string quoted_identifier(std::string_view name) {
    std::string quoted{'"'};
    for (const char c : name) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted += '"';
}

std::string slug(std::string_view name, std::string_view otherwise) {
    std::string plain;
    for (const char c : name) {
        if (is_plain(c)) {
            plain += c;
        } else if (!plain.empty() && plain.back() != '-') {
            plain += '-';
        }
    }
    if (plain.size() > longest_name) plain.resize(longest_name);
    if (plain.ends_with('-')) plain.pop_back();
    if (plain.empty()) plain = otherwise;
    if (is_digit(plain.front())) plain.insert(plain.begin(), '_');
    return plain;
}

std::string parameter_name(std::string_view name) {
    std::string plain = slug(name, "value");
    std::replace(plain.begin(), plain.end(), '-', '_');
    return plain;
}

std::string unique_names::take(const std::string& name) {
    std::string unique = name;
    for (int count = 2; !taken_.insert(unique).second; ++count)
        unique = name + separator_ + std::to_string(count);
    return unique;
}

}  // namespace weir::app
