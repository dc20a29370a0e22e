#include "scan.hpp"

#include <string_view>

namespace weir::inline v0::http::scan {
namespace {

constexpr bool is_alphanumeric(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr bool is_one_of(unsigned char c, std::string_view others) {
    return others.find(static_cast<char>(c)) != std::string_view::npos;
}

// RFC 9110 section 5.6.2
constexpr bool is_token(unsigned char c) {
    return is_alphanumeric(c) || is_one_of(c, "!#$%&'*+-.^_`|~");
}

// unreserved and sub-delims (RFC 3986 section 2); escapes are checked apart.
constexpr bool is_host_name(unsigned char c) {
    return is_alphanumeric(c) || is_one_of(c, "-._~!$&'()*+,;=");
}

// Visible ASCII. A fragment never travels in a request (RFC 9112 section 3.2), so its mark ends
// the target too.
constexpr bool is_target(unsigned char c) { return c > 0x20 && c < 0x7F && c != '#'; }

// field-vchar, space and tab (RFC 9110 section 5.5), obs-text included.
constexpr bool is_value(unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7F); }

constexpr std::array<std::uint8_t, 256> classify() {
    std::array<std::uint8_t, 256> table{};
    for (unsigned at = 0; at < table.size(); ++at) {
        const auto c = static_cast<unsigned char>(at);
        table[at] = static_cast<std::uint8_t>(
            (is_token(c) ? token : 0) | (is_target(c) ? target : 0) | (is_value(c) ? value : 0) |
            (is_host_name(c) ? host_name : 0));
    }
    return table;
}

}  // namespace

constexpr std::array<std::uint8_t, 256> classes = classify();

}  // namespace weir::inline v0::http::scan
