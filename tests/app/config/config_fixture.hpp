// What the tests of the configuration share: a sound one to start from, and its problems as text.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "app/config/config.hpp"

namespace weir::app {

inline const std::string one_endpoint = R"(
[[endpoint]]
name = "vendor"
method = "GET"
path = "/vendors/{prefix}"
params.prefix = { type = "text", from = "path" }
sql = "select name from vendor where prefix = :prefix"
)";

inline const std::string database = "database.url = \"sqlite:network.db\"\n";

inline environment_variables fixed(std::map<std::string, std::string, std::less<>> values) {
    return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional{found->second};
    };
}

// One line for each problem; empty where there is none.
inline std::string problems_of(const std::string& text,
                               const environment_variables& variables = fixed({})) {
    const auto parsed = parse_config(text, "t.toml", variables);
    return parsed ? std::string{} : parsed.error().text();
}

// Of a document whose first line is `settings`; the database and one endpoint follow.
inline std::string problems_with(const std::string& settings,
                                 const environment_variables& variables = fixed({})) {
    return problems_of(settings + '\n' + database + one_endpoint, variables);
}

inline config config_of(const std::string& text,
                        const environment_variables& variables = fixed({})) {
    auto parsed = parse_config(text, "t.toml", variables);
    if (!parsed) throw std::runtime_error{parsed.error().text()};
    return std::move(*parsed);
}

inline config config_with(const std::string& settings,
                          const environment_variables& variables = fixed({})) {
    return config_of(settings + '\n' + database + one_endpoint, variables);
}

// A sound endpoint with one line in place of another, or added where there is none such.
inline std::string endpoint_with(const std::string& key, const std::string& line) {
    std::string text = one_endpoint;
    const std::size_t begin = text.find('\n' + key + " =");
    if (begin == std::string::npos) return text + line + '\n';
    return text.replace(begin + 1, text.find('\n', begin + 1) - begin - 1, line);
}

}  // namespace weir::app
