#include "app/data/base64.hpp"

#include <array>
#include <cstdint>

namespace weir::app {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t none = 0xFF;

constexpr auto values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(none);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return table;
}();

std::size_t padding_of(std::string_view text) noexcept {
    if (text.ends_with("==")) return 2;
    return text.ends_with('=') ? 1 : 0;
}

}  // namespace

std::optional<std::string_view> base64_decode(std::string_view text,
                                              std::span<char> room) noexcept {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = padding_of(text);
    const std::size_t digits = text.size() - padding;
    std::uint32_t bits = 0;
    unsigned pending = 0;
    std::size_t size = 0;
    for (const char each : text.substr(0, digits)) {
        const std::uint8_t value = values[static_cast<unsigned char>(each)];
        if (value == none) return std::nullopt;
        bits = bits << 6U | value;
        pending += 6;
        if (pending < 8) continue;
        pending -= 8;
        room[size++] = static_cast<char>(bits >> pending & 0xFFU);
    }
    if ((bits & ((1U << pending) - 1U)) != 0) return std::nullopt;
    return std::string_view{room.data(), size};
}

}  // namespace weir::app
