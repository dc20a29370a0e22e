// Paths and locations with {names} in them.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace weir::app {

// "/vendors/{prefix}": a name takes a whole segment, as the router has it. Errors are messages.
struct path_template {
    struct segment {
        std::string text;  // without braces
        bool is_parameter = false;
    };

    std::vector<segment> segments;  // none for "/"

    static std::expected<path_template, std::string> parse(std::string_view text);

    bool has(std::string_view parameter) const noexcept;
    // The path with its names left out, "/vendors/{}": what two endpoints must not share.
    std::string shape() const;
};

// The {names} of a location, wherever they stand in it. A location begins with "/".
std::expected<std::vector<std::string>, std::string> names_in_location(std::string_view text);

// [A-Za-z_][A-Za-z0-9_]*: what :name in SQL can name.
bool is_parameter_name(std::string_view name) noexcept;

}  // namespace weir::app
