// Bytes are std::byte in spans; text that is made of the same bytes is one cast away.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/lifetime.hpp"

namespace weir::inline v0 {

using bytes_view = std::span<const std::byte>;
using bytes_span = std::span<std::byte>;

inline bytes_view as_bytes(std::string_view text WEIR_LIFETIMEBOUND) noexcept {
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
// By reference, so that clang sees whose bytes they are.
template <std::same_as<std::string> String>
bytes_view as_bytes(const String& text WEIR_LIFETIMEBOUND) noexcept {
    return as_bytes(std::string_view{text});
}

inline std::string_view as_text(bytes_view bytes WEIR_LIFETIMEBOUND) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace weir::inline v0
