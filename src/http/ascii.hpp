// Letters and digits of the protocol: ASCII, whatever the locale says.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "weir/http/grammar.hpp"

namespace weir::inline v0::http::ascii {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

using grammar::lower;

// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

// Whether text is `expected` in any case; expected is in lower case.
constexpr bool is(std::string_view text, std::string_view expected) noexcept {
    if (text.size() != expected.size()) return false;
    for (std::size_t at = 0; at < text.size(); ++at)
        if (text[at] != expected[at] && lower(text[at]) != expected[at]) return false;
    return true;
}

// Whether they are the same, both in any case.
constexpr bool same(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(left, right, {}, lower, lower);
}

template <std::size_t Size>
struct literal {
    consteval literal(const char (&text)[Size]) { std::copy_n(text, Size, bytes.begin()); }

    static constexpr std::size_t size = Size - 1;
    std::array<char, Size> bytes{};
};

template <literal Expected, class Word, std::size_t At>
bool word_is(const char* text) noexcept {
    constexpr auto packed = [](auto byte_for) {
        std::array<char, sizeof(Word)> bytes{};
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = byte_for(Expected.bytes[At + i]);
        return std::bit_cast<Word>(bytes);
    };
    constexpr Word expected = packed([](char c) { return c; });
    constexpr Word cases =
        packed([](char c) { return c >= 'a' && c <= 'z' ? char{0x20} : char{}; });
    Word word = 0;
    std::memcpy(&word, text + At, sizeof word);
    return (word | cases) == expected;
}

// The same by words: what is expected is known where this is compiled.
template <literal Expected>
bool is(std::string_view text) noexcept {
    constexpr std::size_t size = Expected.size;
    static_assert(size >= 4 && size <= 24);
    if (text.size() != size) return false;
    const char* const at = text.data();
    if constexpr (size < 8) {
        return word_is<Expected, std::uint32_t, 0>(at) &&
               word_is<Expected, std::uint32_t, size - 4>(at);
    } else {
        return word_is<Expected, std::uint64_t, 0>(at) &&
               word_is<Expected, std::uint64_t, size <= 16 ? 0 : 8>(at) &&
               word_is<Expected, std::uint64_t, size - 8>(at);
    }
}

// Without spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
constexpr std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// Calls visit(element) for each element between commas, trimmed, empty ones included, for as long
// as visit answers true.
template <class Visit>
constexpr void each_element(std::string_view list, Visit visit) {
    for (;;) {
        const std::size_t comma = list.find(',');
        if (!visit(trim(list.substr(0, comma)))) return;
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace weir::inline v0::http::ascii
