// Which Weir this is, and what built it.
#pragma once

#include <string_view>

#include "weir/base/api.hpp"

namespace weir::inline v0 {

WEIR_API extern const std::string_view version;
WEIR_API extern const std::string_view compiler;

}  // namespace weir::inline v0
