#include "weir/net/host.hpp"

#include <algorithm>

namespace weir::inline v0::net {
namespace {

bool is_word(char byte) noexcept {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_';
}

// Digits and dots alone are an address that went wrong, and none to be looked up.
bool is_name(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, is_word) &&
           text.find_first_not_of("0123456789.") != std::string_view::npos;
}

}  // namespace

result<host> host::parse(std::string_view text) {
    auto address = io::endpoint::parse(text);
    if (address) return host{std::move(*address)};
    const auto colon = text.rfind(':');
    const std::string_view name = text.substr(0, colon);
    if (colon == std::string_view::npos || !is_name(name))
        return std::unexpected{std::move(address).error()};
    const auto place = io::endpoint::parse("0.0.0.0" + std::string{text.substr(colon)});
    if (!place) return fail(place.error().clone());
    return host{name, place->port()};
}

std::string host::text() const {
    return address_ ? address_->text() : name_ + ':' + std::to_string(port_);
}

}  // namespace weir::inline v0::net
