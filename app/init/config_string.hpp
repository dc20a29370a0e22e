// Texts of others in a configuration.
#pragma once

#include <string>
#include <string_view>

namespace weir::app {

// A TOML string that the reader takes for this text, where it would put the environment's NAME in
// place of ${NAME}.
std::string config_string(std::string_view text);

}  // namespace weir::app
