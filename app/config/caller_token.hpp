// The token that a command calls with: from a file or from the environment, and never from the
// command line, which everybody on the machine can list.
#pragma once

#include <string>

#include "weir/base/result.hpp"

#include "app/config/environment.hpp"

namespace weir::app {

constexpr char token_variable[] = "WEIR_TOKEN";

// What is in the file, where one is named; else the variable's value; empty where there is neither.
// Errors: those of reading the file; invalid_argument for what is no token. None shows it.
result<std::string> read_caller_token(const std::string& file,
                                      const environment_variables& variables);

}  // namespace weir::app
