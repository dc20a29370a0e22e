// result<T>: a value, or the error that stands in its place.
#pragma once

#include <expected>

#include "weir/base/error.hpp"

namespace weir::inline v0 {

template <class T = void>
using result = std::expected<T, error>;

// `return fail(errc::closed);` in a function that answers with a result.
inline std::unexpected<error> fail(error why) noexcept {
    return std::unexpected<error>{std::move(why)};
}
inline std::unexpected<error> fail(errc code, std::string text) {
    return std::unexpected<error>{error{code, std::move(text)}};
}

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

}  // namespace weir::inline v0
