// Text inside a JSON string (RFC 8259 section 7).
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::inline v0::json {

template <class Word>
std::uint64_t word_at(const char* bytes) noexcept {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

// Whether eight bytes need no escape: neither a quote, nor a backslash, nor a control character.
// What is not ASCII passes.
constexpr bool are_plain(std::uint64_t word) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t highs = 0x8080808080808080U;
    // Marks bytes that are zero, and possibly bytes above one; exact when nothing is marked.
    const auto zero = [](std::uint64_t of) { return (of - ones) & ~of & highs; };
    const std::uint64_t controls = (word - ones * 0x20U) & ~word & highs;
    return (controls | zero(word ^ (ones * '"')) | zero(word ^ (ones * '\\'))) == 0;
}

// The last eight bytes of a text; of one of four to seven all, some of them twice.
inline std::uint64_t last_bytes(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    if (text.size() >= sizeof(std::uint64_t)) return word_at<std::uint64_t>(end - 8);
    return word_at<std::uint32_t>(text.data()) | word_at<std::uint32_t>(end - 4) << 32U;
}

// How many bytes from the start need no escape. Eight at a time, and in a plain text no byte alone
// but in one of less than four.
inline std::size_t plain_run(std::string_view text) noexcept {
    constexpr std::size_t step = sizeof(std::uint64_t);
    std::size_t at = 0;
    while (text.size() - at >= step && are_plain(word_at<std::uint64_t>(text.data() + at)))
        at += step;
    const bool at_rest = text.size() - at < step && text.size() >= step / 2;
    if (at_rest && are_plain(last_bytes(text))) return text.size();
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
