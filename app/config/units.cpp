#include "app/config/units.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace weir::app {

namespace {

struct unit {
    std::string_view name;
    std::uint64_t size;
};

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t day = 24ULL * 60 * 60 * 1000 * millisecond;
constexpr std::array durations{unit{"h", 60 * 60 * 1000 * millisecond},
                               unit{"m", 60 * 1000 * millisecond}, unit{"s", 1000 * millisecond},
                               unit{"ms", millisecond}};
constexpr std::array sizes{unit{"GiB", 1ULL << 30}, unit{"MiB", 1ULL << 20},
                           unit{"KiB", 1ULL << 10}, unit{"", 1}};

// In the largest unit that is exact; empty for nothing.
template <std::size_t Count>
std::string written(std::uint64_t amount, const std::array<unit, Count>& units) {
    for (const unit& each : units)
        if (amount != 0 && amount % each.size == 0)
            return std::to_string(amount / each.size) + std::string{each.name};
    return {};
}

template <std::size_t Count>
std::optional<std::uint64_t> parse(std::string_view text, const std::array<unit, Count>& units) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, wrong] = std::from_chars(text.data(), end, number);
    if (wrong != std::errc{}) return std::nullopt;
    const std::string_view name{rest, static_cast<std::size_t>(end - rest)};
    for (const unit& each : units) {
        if (each.name != name) continue;
        if (number > std::numeric_limits<std::uint64_t>::max() / each.size) return std::nullopt;
        return number * each.size;
    }
    return std::nullopt;
}

}  // namespace

std::optional<duration> parse_duration(std::string_view text) noexcept {
    const auto nanoseconds = parse(text, durations);
    if (!nanoseconds || *nanoseconds > day) return std::nullopt;
    return duration{static_cast<duration::rep>(*nanoseconds)};
}

std::string to_string(duration length) {
    const auto nanoseconds = static_cast<std::uint64_t>(length.count());
    const std::string exact = written(nanoseconds, durations);
    return exact.empty() ? std::to_string(nanoseconds / millisecond) + "ms" : exact;
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
    return parse(text, sizes);
}

std::string size_text(std::uint64_t bytes) { return bytes == 0 ? "0" : written(bytes, sizes); }

}  // namespace weir::app
