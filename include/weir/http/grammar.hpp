// The grammar's smallest parts (RFC 9110 section 5), for what is checked where it is compiled; what
// arrives is checked by vectors.
#pragma once

#include <algorithm>
#include <string_view>

namespace weir::inline v0::http::grammar {

constexpr bool is_alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// tchar, of which tokens are made (section 5.6.2).
constexpr bool is_token(char c) noexcept {
    return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}

constexpr bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return is_token(c); });
}

// field-vchar, space and tab (section 5.5), obs-text included.
constexpr bool is_value(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7F);
}

// Empty, or without spaces around it.
constexpr bool is_value(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t";
    if (text.empty()) return true;
    if (blanks.contains(text.front()) || blanks.contains(text.back())) return false;
    return std::ranges::all_of(text, [](char c) { return is_value(c); });
}

// Case is ASCII's, whatever the locale says.
constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Fields by which a connection says how a message is framed and what becomes of itself. It writes
// them, and nobody else does.
constexpr bool belongs_to_connection(std::string_view name) noexcept {
    constexpr std::string_view owned[] = {"connection", "content-length",    "date",
                                          "keep-alive", "transfer-encoding", "upgrade"};
    return std::ranges::any_of(
        owned, [name](std::string_view each) { return std::ranges::equal(name, each, {}, lower); });
}

}  // namespace weir::inline v0::http::grammar
