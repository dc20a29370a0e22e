// Text inside a JSON string (RFC 8259 section 7).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "weir/base/api.hpp"

namespace weir::inline v0::json {

// How many bytes from the start need no escape.
WEIR_API std::size_t plain_run(std::string_view text) noexcept;

// Whether it is ASCII, and needs no escape. It may say no of a text that is, and is never wrong
// about one that is not.
WEIR_API bool is_plain_ascii(std::string_view text) noexcept;

// What stands for a byte that needs an escape.
class escape {
public:
    explicit escape(char byte) noexcept {
        constexpr std::string_view from = "\"\\\b\f\n\r\t";
        constexpr std::string_view to = "\"\\bfnrt";
        const std::size_t found = from.find(byte);
        if (found != std::string_view::npos) {
            text_[1] = to[found];
            size_ = 2;
            return;
        }
        const auto value = static_cast<unsigned char>(byte);
        text_[4] = digits[value >> 4U];
        text_[5] = digits[value & 0xFU];
    }

    std::string_view text() const noexcept { return {text_.data(), size_}; }

private:
    static constexpr std::string_view digits = "0123456789abcdef";

    std::array<char, 6> text_{'\\', 'u', '0', '0', '0', '0'};
    std::size_t size_ = 6;
};

// sink.append(std::string_view) for each piece; text is UTF-8.
template <class Sink>
void append_escaped(Sink& sink, std::string_view text) {
    for (;;) {
        const std::size_t plain = plain_run(text);
        sink.append(text.substr(0, plain));
        if (plain == text.size()) return;
        sink.append(escape{text[plain]}.text());
        text.remove_prefix(plain + 1);
    }
}

}  // namespace weir::inline v0::json
