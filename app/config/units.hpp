// Durations and sizes as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/clock.hpp"

namespace weir::app {

// "500ms", "30s", "10m", "2h": a whole number and its unit, at most 24 h, so that no sum of a few
// overflows.
std::optional<duration> parse_duration(std::string_view text) noexcept;
// The same in the largest unit that is exact.
std::string to_string(duration length);

// "4096", "64KiB", "1MiB", "2GiB" in bytes.
std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;
// The same in the largest unit that is exact.
std::string size_text(std::uint64_t bytes);

}  // namespace weir::app
