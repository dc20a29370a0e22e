// The pairs of a query or of a form body, still encoded, in the order in which they stand.
//
//     for (query_pairs pairs{request.query()}; auto pair = pairs.next();)
//         if (pair->name == "limit") ...
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"

namespace weir::inline v0::http {

// Lifetime: views into the query.
struct query_pair {
    constexpr query_pair() noexcept = default;
    constexpr query_pair(std::string_view name, std::string_view value) noexcept
        : name{name}, value{value} {}

    std::string_view name;
    std::string_view value;  // empty also where there is no "="
};

class WEIR_API query_pairs {
public:
    constexpr explicit query_pairs(std::string_view query) noexcept : rest_{query} {}
    template <std::same_as<std::string> String>
    explicit query_pairs(String&& gone) = delete;

    // The next pair; empty pieces between two "&" are passed over. Nothing at the end. form_decode
    // takes the encoding off.
    std::optional<query_pair> next() noexcept;

private:
    std::string_view rest_;
};

}  // namespace weir::inline v0::http
