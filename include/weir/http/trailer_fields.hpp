// The fields behind a chunked body (RFC 9110 section 6.5), one after another, as they came. They
// are no fields of the head's, whatever their names: nothing about the message follows from them.
//
//     for (trailer_fields left{lines}; const auto trailer = left.next();) { ... }
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/http/field.hpp"

namespace weir::inline v0::http {

class WEIR_API trailer_fields {
public:
    trailer_fields() noexcept = default;
    // lines: what a machine's `end` has as its body, which was checked. Lifetime: the fields are
    // views into it.
    explicit trailer_fields(std::string_view lines) noexcept : left_{lines} {}
    template <std::same_as<std::string> String>
    explicit trailer_fields(String&& gone) = delete;

    std::optional<field> next() noexcept;
    // The value of the first that is left and has this name.
    std::optional<std::string_view> find(std::string_view name) const noexcept;

private:
    std::string_view left_;
};

}  // namespace weir::inline v0::http
