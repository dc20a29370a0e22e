#include "app/config/environment.hpp"

#include <cstdlib>

namespace weir::app {

namespace {

bool is_name(std::string_view name) noexcept {
    const std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    if (name.empty() || letters.find(name.front()) == std::string_view::npos) return false;
    for (const char c : name)
        if (letters.find(c) == std::string_view::npos && (c < '0' || c > '9')) return false;
    return true;
}

}  // namespace

environment_variables process_environment() {
    return [](std::string_view name) -> std::optional<std::string> {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes a variable
        const char* value = std::getenv(std::string{name}.c_str());
        return value ? std::optional<std::string>{value} : std::nullopt;
    };
}

std::expected<std::string, std::string> expand(std::string_view text,
                                               const environment_variables& variables) {
    std::string expanded;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = text.find("${", at);
        expanded += text.substr(at, begin - at);
        if (begin == std::string_view::npos) break;
        if (begin > at && text[begin - 1] == '$') {
            expanded += '{';
            at = begin + 2;
            continue;
        }
        const std::size_t end = text.find('}', begin);
        if (end == std::string_view::npos)
            return std::unexpected{"a ${ has no }; $${ stands for ${"};
        const std::string_view name = text.substr(begin + 2, end - begin - 2);
        if (!is_name(name)) return std::unexpected{"between ${ and } stands no variable's name"};
        const auto value = variables(name);
        if (!value)
            return std::unexpected{"the environment variable " + std::string{name} + " is not set"};
        expanded += *value;
        at = end + 1;
    }
    return expanded;
}

}  // namespace weir::app
