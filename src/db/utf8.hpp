// Whether bytes are UTF-8. Source: RFC 3629, section 4.
#pragma once

#include <string_view>

namespace weir::inline v0::db {

bool is_utf8(std::string_view text) noexcept;

}  // namespace weir::inline v0::db
