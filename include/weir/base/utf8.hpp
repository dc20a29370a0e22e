// Whether bytes are UTF-8: neither overlong, nor a surrogate, nor above U+10FFFF. Source: RFC 3629,
// section 4.
#pragma once

#include <string_view>

#include "weir/base/api.hpp"

namespace weir::inline v0 {

WEIR_API bool is_utf8(std::string_view text) noexcept;

}  // namespace weir::inline v0
