#include "authority.hpp"

#include <cstddef>

#include "ascii.hpp"
#include "scan.hpp"

namespace weir::inline v0::http {
namespace {

bool is_escape(std::string_view text) noexcept {
    return text.size() >= 3 && text[0] == '%' && ascii::hex_value(text[1]) >= 0 &&
           ascii::hex_value(text[2]) >= 0;
}

// Returns what is behind the name.
std::string_view skip_registered_name(std::string_view text) noexcept {
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    for (;;) {
        text = {scan::skip_host_name(text.data(), end, begin), end};
        if (!is_escape(text)) return text;
        text.remove_prefix(3);
    }
}

bool is_decimal(std::string_view text, unsigned highest) noexcept {
    if (text.empty()) return false;
    unsigned number = 0;
    for (const char c : text) {
        const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
        number = number * 10 + digit;
        if (digit > 9 || number > highest) return false;
    }
    return true;
}

bool is_ipv4(std::string_view text) noexcept {
    for (int part = 0; part < 4; ++part) {
        const std::size_t dot = part < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos) return false;
        const std::string_view octet = text.substr(0, dot);
        if (!is_decimal(octet, 255) || (octet.size() > 1 && octet[0] == '0')) return false;
        text.remove_prefix(part < 3 ? dot + 1 : dot);
    }
    return true;
}

// How many 16-bit groups the text holds, or -1; an IPv4 address at the end counts as two.
int count_groups(std::string_view text) noexcept {
    int groups = 0;
    while (!text.empty()) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        if (colon == std::string_view::npos && is_ipv4(group)) return groups + 2;
        if (group.empty() || group.size() > 4) return -1;
        for (const char c : group)
            if (ascii::hex_value(c) < 0) return -1;
        ++groups;
        if (colon == std::string_view::npos) return groups;
        text.remove_prefix(colon + 1);
        if (text.empty()) return -1;
    }
    return groups;
}

bool is_ipv6(std::string_view text) noexcept {
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) return count_groups(text) == 8;
    const std::string_view before = text.substr(0, gap);
    if (before.find('.') != std::string_view::npos) return false;
    const int left = count_groups(before);
    const int right = count_groups(text.substr(gap + 2));
    return left >= 0 && right >= 0 && left + right <= 7;
}

// Port digits may be missing behind the colon.
bool is_port_suffix(std::string_view text) noexcept {
    if (text.empty()) return true;
    return text[0] == ':' && (text.size() == 1 || is_decimal(text.substr(1), 65'535));
}

}  // namespace

bool is_authority(std::string_view text) noexcept {
    if (!text.empty() && text[0] == '[') {
        const std::size_t close = text.find(']');
        return close != std::string_view::npos && is_ipv6(text.substr(1, close - 1)) &&
               is_port_suffix(text.substr(close + 1));
    }
    const std::string_view rest = skip_registered_name(text);
    return rest.size() != text.size() && is_port_suffix(rest);
}

}  // namespace weir::inline v0::http
