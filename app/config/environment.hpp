// ${NAME} in a configuration's texts: how secrets come in without standing in the file.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace weir::app {

// The value of a variable, or nothing where it is not set.
using environment_variables = std::function<std::optional<std::string>(std::string_view name)>;

// The process's own. Read while configurations are, before there are threads that might write it.
environment_variables process_environment();

// Puts the values in; $${ stands for ${ itself. The error is a message that names the variable and
// never a value.
std::expected<std::string, std::string> expand(std::string_view text,
                                               const environment_variables& variables);

}  // namespace weir::app
