// Names and labels as Prometheus defines them (its "Data model", and the text format 0.0.4).
#pragma once

#include <string_view>

#include "weir/base/api.hpp"

namespace weir::inline v0::metrics {

// One label with its value, where both are given together.
struct label {
    constexpr label(std::string_view label_name, std::string_view label_value) noexcept
        : name{label_name}, value{label_value} {}

    std::string_view name;
    std::string_view value;
};

// [a-zA-Z_:][a-zA-Z0-9_:]*
WEIR_API bool valid_metric_name(std::string_view name) noexcept;
// [a-zA-Z_][a-zA-Z0-9_]*, and not __something, which Prometheus keeps for itself.
WEIR_API bool valid_label_name(std::string_view name) noexcept;

}  // namespace weir::inline v0::metrics
