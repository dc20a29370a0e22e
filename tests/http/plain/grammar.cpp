#include "http/plain/grammar.hpp"

#include <algorithm>

#include <arpa/inet.h>

namespace weir::inline v0::http::plain {
namespace {

bool is_one_of(char c, std::string_view several) { return several.contains(c); }

// unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"
bool is_unreserved(char c) { return is_alpha(c) || is_digit(c) || is_one_of(c, "-._~"); }

// sub-delims = "!" / "$" / "&" / "'" / "(" / ")" / "*" / "+" / "," / ";" / "="
bool is_sub_delim(char c) { return is_one_of(c, "!$&'()*+,;="); }

// reg-name = *( unreserved / pct-encoded / sub-delims ); IPv4address is one as well.
bool is_registered_name(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_unreserved(text[at]) || is_sub_delim(text[at])) continue;
        const bool encoded = text[at] == '%' && at + 2 < text.size() && is_hexdig(text[at + 1]) &&
                             is_hexdig(text[at + 2]);
        if (!encoded) return false;
        at += 2;
    }
    return !text.empty();
}

// The C library's reader of RFC 4291's notation.
bool is_ipv6_address(std::string_view text) {
    in6_addr address{};
    return inet_pton(AF_INET6, std::string{text}.c_str(), &address) == 1;
}

// port = *DIGIT, of which a TCP port is at most 65535.
bool is_port(std::string_view text) {
    if (!std::ranges::all_of(text, is_digit)) return false;
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    return text.size() <= 5 && (text.empty() || std::stoul(std::string{text}) <= 65'535);
}

}  // namespace

bool is_alpha(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hexdig(char c) { return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

bool is_tchar(char c) { return is_alpha(c) || is_digit(c) || is_one_of(c, "!#$%&'*+-.^_`|~"); }

bool is_field_char(char c) {
    const auto octet = static_cast<unsigned char>(c);
    return c == ' ' || c == '\t' || (octet >= 0x21 && octet <= 0x7E) || octet >= 0x80;
}

bool is_target_char(char c) { return c > 0x20 && c < 0x7F && c != '#'; }

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string lower_case(std::string_view text) {
    std::string lowered{text};
    for (char& c : lowered)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lowered;
}

std::string_view without_blanks_around(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<std::string> elements_of(std::string_view list) {
    std::vector<std::string> elements(1);
    for (const char c : list) {
        if (c == ',')
            elements.emplace_back();
        else
            elements.back() += c;
    }
    for (std::string& each : elements) each = without_blanks_around(each);
    return elements;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_tchar);
}

bool is_authority(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        if (bracket == std::string_view::npos) return false;
        if (!is_ipv6_address(text.substr(1, bracket - 1))) return false;
        const std::string_view behind = text.substr(bracket + 1);
        return behind.empty() || (behind.starts_with(':') && is_port(behind.substr(1)));
    }
    const std::size_t colon = text.find(':');
    if (!is_registered_name(text.substr(0, colon))) return false;
    return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

}  // namespace weir::inline v0::http::plain
