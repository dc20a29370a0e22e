#include "scan.hpp"

#include <string_view>

#include "weir/http/grammar.hpp"

namespace weir::inline v0::http::scan {
namespace {

using grammar::is_alphanumeric;
using grammar::is_token;
using grammar::is_value;

// unreserved and sub-delims (RFC 3986 section 2); escapes are checked apart.
constexpr bool is_host_name(char c) {
    return is_alphanumeric(c) || std::string_view{"-._~!$&'()*+,;="}.contains(c);
}

// Visible ASCII. A fragment never travels in a request (RFC 9112 section 3.2), so its mark ends
// the target too.
constexpr bool is_target(char c) { return c > 0x20 && c < 0x7F && c != '#'; }

constexpr std::array<std::uint8_t, 256> classify() {
    std::array<std::uint8_t, 256> table{};
    for (unsigned at = 0; at < table.size(); ++at) {
        const auto c = static_cast<char>(at);
        table[at] = static_cast<std::uint8_t>(
            (is_token(c) ? token : 0) | (is_target(c) ? target : 0) | (is_value(c) ? value : 0) |
            (is_host_name(c) ? host_name : 0));
    }
    return table;
}

}  // namespace

constexpr std::array<std::uint8_t, 256> classes = classify();

}  // namespace weir::inline v0::http::scan
