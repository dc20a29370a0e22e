#include "weir/http/percent.hpp"

#include "ascii.hpp"

namespace weir::inline v0::http {
namespace {

// The byte that an escape at the start of text stands for, or -1.
int escaped_byte(std::string_view text) noexcept {
    if (text.size() < 3) return -1;
    const int high = ascii::hex_value(text[1]);
    const int low = ascii::hex_value(text[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

result<std::string_view> decode(std::string_view text, std::string_view marks,
                                std::span<char> room) noexcept {
    if (text.find_first_of(marks) == std::string_view::npos) return text;
    std::size_t size = 0;
    for (std::size_t at = 0; at < text.size(); ++at, ++size) {
        if (size == room.size()) return fail(errc::too_large);
        const bool marked = marks.find(text[at]) != std::string_view::npos;
        room[size] = marked && text[at] == '+' ? ' ' : text[at];
        if (!marked || text[at] != '%') continue;
        const int byte = escaped_byte(text.substr(at));
        if (byte < 0) return fail(errc::malformed);
        room[size] = static_cast<char>(byte);
        at += 2;
    }
    return std::string_view{room.data(), size};
}

bool unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

result<std::string_view> percent_decode(std::string_view text, std::span<char> room) noexcept {
    return decode(text, "%", room);
}

result<std::string_view> form_decode(std::string_view text, std::span<char> room) noexcept {
    return decode(text, "%+", room);
}

void append_percent_encoded(std::string_view text, std::string& into) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (unreserved(c)) {
            into += c;
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        into += '%';
        into += digits[octet >> 4U];
        into += digits[octet & 0xFU];
    }
}

bool has_sound_escapes(std::string_view text) noexcept {
    for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
        if (escaped_byte(text.substr(at)) < 0) return false;
    return true;
}

}  // namespace weir::inline v0::http
