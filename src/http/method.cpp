#include "weir/http/method.hpp"

#include <array>

namespace weir::inline v0::http {
namespace {

constexpr std::array<std::string_view, method_count> names{
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

}  // namespace

std::string_view to_string(method which) noexcept { return names[static_cast<unsigned>(which)]; }

std::optional<method> parse_method(std::string_view text) noexcept {
    if (text == "GET") return method::get;
    for (std::uint8_t at = 1; at < method_count; ++at)
        if (names[at] == text) return static_cast<method>(at);
    return std::nullopt;
}

}  // namespace weir::inline v0::http
