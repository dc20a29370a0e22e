// Names of a database, which may be any text, as names of SQL, of paths and of parameters. Pure
// text.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace weir::app {

// An SQL identifier in double quotes.
std::string quoted_identifier(std::string_view name);

// What a path and an endpoint's name can be made of: letters, digits, _ and -, beginning with a
// letter or _; everything else becomes one -. `otherwise` where nothing is left. At most 40 long.
std::string slug(std::string_view name, std::string_view otherwise);

// The same as a parameter's name, in which - is _.
std::string parameter_name(std::string_view name);

// Hands out names that are all different: the second "a" is "a-2".
class unique_names {
public:
    explicit unique_names(char separator) noexcept : separator_{separator} {}

    std::string take(const std::string& name);

private:
    char separator_;
    std::set<std::string, std::less<>> taken_;
};

}  // namespace weir::app
