#include "app/data/percent_encode.hpp"

namespace weir::app {

namespace {

bool unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

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

}  // namespace weir::app
