// Which Weir this is, and what built it.
#pragma once

#include <string_view>

namespace weir {

extern const std::string_view version;
extern const std::string_view compiler;

}  // namespace weir
