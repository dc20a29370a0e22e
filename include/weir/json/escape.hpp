// Text inside a JSON string (RFC 8259 section 7).
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::inline v0::json {

// How many bytes from the start need no escape: neither a quote, nor a backslash, nor a control
// character. Eight at a time; what is not ASCII passes.
inline std::size_t plain_run(std::string_view text) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t highs = 0x8080808080808080U;
    // Marks bytes that are zero, and possibly bytes above one; exact when nothing is marked.
    const auto zero = [](std::uint64_t word) { return (word - ones) & ~word & highs; };
    std::size_t at = 0;
    for (std::uint64_t word = 0; text.size() - at >= sizeof word; at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        const std::uint64_t controls = (word - ones * 0x20U) & ~word & highs;
        if ((controls | zero(word ^ (ones * '"')) | zero(word ^ (ones * '\\'))) != 0) break;
    }
    for (; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte == '"' || byte == '\\') break;
    }
    return at;
}

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
