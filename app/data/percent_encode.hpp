// Percent-encoding of what becomes part of a path or a query.
#pragma once

#include <string>
#include <string_view>

namespace weir::app {

// Appends text with everything escaped but letters, digits, "-", ".", "_" and "~" (RFC 3986 section
// 2.3), so that it is one segment of a path, or one name or value of a query.
void append_percent_encoded(std::string_view text, std::string& into);

}  // namespace weir::app
