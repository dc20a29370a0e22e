// A field (a header line): its name and its value, as views.
#pragma once

#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0::http {

// Lifetime: whoever made the field says how long its bytes stay.
struct field {
    constexpr field() noexcept = default;
    constexpr field(std::string_view name, std::string_view value) noexcept
        : name{name}, value{value} {}

    std::string_view name;
    std::string_view value;  // without the spaces around it
};

// Field names, codings and connection options compare without regard to case; ASCII only.
WEIR_API bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

// Whether a field may be sent: the name is a token, the value holds no CR, LF, NUL or other control
// character and neither starts nor ends with a space (RFC 9110 section 5.5). Errors:
// invalid_argument, saying which byte.
WEIR_API result<> check_field(std::string_view name, std::string_view value);

}  // namespace weir::inline v0::http
