// Request methods (RFC 9110 section 9, and PATCH from RFC 5789).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/base/api.hpp"

namespace weir::inline v0::http {

enum class method : std::uint8_t { get, head, post, put, delete_, connect, options, trace, patch };

inline constexpr std::size_t method_count = 9;

// The method as it stands in a request line.
WEIR_API std::string_view to_string(method which) noexcept;

// Case matters (RFC 9110 section 9.1); nothing where the method is not one of the above.
WEIR_API std::optional<method> parse_method(std::string_view text) noexcept;

}  // namespace weir::inline v0::http
