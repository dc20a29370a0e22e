// Times as a column of figures shows them: three digits and a unit.
#pragma once

#include <string>

#include <fmt/format.h>

#include "weir/base/clock.hpp"

namespace weir::app {

inline double seconds(duration time) noexcept { return static_cast<double>(time.count()) / 1e9; }

// "0.85us", "12.3us", "1.25ms", "2.00s".
inline std::string short_text(duration time) {
    double value = static_cast<double>(time.count()) / 1000;
    const char* unit = "us";
    if (value >= 1e6) {
        value /= 1e6;
        unit = "s";
    } else if (value >= 1e3) {
        value /= 1e3;
        unit = "ms";
    }
    const int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return fmt::format("{:.{}f}{}", value, digits, unit);
}

}  // namespace weir::app
