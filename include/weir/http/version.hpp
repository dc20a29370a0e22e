// The versions that this server speaks.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::inline v0::http {

// A higher minor version than 1.1 is read as 1.1 (RFC 9110 section 2.5).
enum class version : std::uint8_t { http_1_0, http_1_1 };

constexpr std::string_view to_string(version which) noexcept {
    return which == version::http_1_0 ? "HTTP/1.0" : "HTTP/1.1";
}

}  // namespace weir::inline v0::http
