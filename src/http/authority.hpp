// Host and port, as in Host and in an absolute-form target (RFC 3986 section 3.2).
#pragma once

#include <string_view>

namespace weir::inline v0::http {

// A name, an IPv4 address or an IPv6 literal in brackets, perhaps with a port up to 65535. No user
// information (RFC 9110 section 4.2.4) and no empty host (section 4.2.1).
bool is_authority(std::string_view text) noexcept;

}  // namespace weir::inline v0::http
