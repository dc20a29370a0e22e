// JSON for people: a member a line, indented.
#pragma once

#include <string>
#include <string_view>

namespace weir::app {

// json is valid; what stands in its strings is left alone.
std::string pretty_json(std::string_view json);

}  // namespace weir::app
