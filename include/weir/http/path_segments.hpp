// The segments of a path, still encoded.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"

namespace weir::inline v0::http {

class WEIR_API path_segments {
public:
    // path starts with a slash.
    constexpr explicit path_segments(std::string_view path) noexcept : rest_{path} {}
    template <std::same_as<std::string> String>
    explicit path_segments(String&& gone) = delete;

    // What stands between this slash and the next; empty segments are segments ("/a/" has "a" and
    // ""). Nothing at the end. Lifetime: views into the path.
    std::optional<std::string_view> next() noexcept;

private:
    std::string_view rest_;
};

}  // namespace weir::inline v0::http
