// Text that is known when the program is compiled and stays for good, so that a view is enough.
#pragma once

#include <string_view>

namespace weir::inline v0::http {

class static_text {
public:
    consteval static_text(const char* literal) noexcept  // NOLINT(google-explicit-constructor)
        : text_{literal} {}
    consteval static_text(
        std::string_view constant) noexcept  // NOLINT(google-explicit-constructor)
        : text_{constant} {}

    constexpr std::string_view view() const noexcept { return text_; }

private:
    std::string_view text_;
};

}  // namespace weir::inline v0::http
