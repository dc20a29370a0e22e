// What a registry held at one moment, for whatever writes it down: the text format, the dashboard,
// a push. Families by name, series by label values, so that the order is always the same.
//
// Lifetime: views point into the registry and are good as long as it lives.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"

namespace weir::inline v0::metrics {

enum class kind : std::uint8_t { counter, gauge, histogram };

// "counter", "gauge", "histogram".
WEIR_API std::string_view to_string(kind which) noexcept;

using label_values = std::vector<std::string>;

struct sample {
    std::shared_ptr<const label_values> labels;
    // Of a histogram: the sum in seconds.
    double value = 0;
    // Of a histogram: how many fell into each bucket, not added up; the last one is +Inf.
    std::vector<std::uint64_t> buckets;
};

struct family_snapshot {
    std::string_view name;
    std::string_view help;
    metrics::kind kind = metrics::kind::counter;
    std::span<const std::string> label_names;
    std::span<const duration> bounds;
    std::vector<sample> samples;
};

using snapshot = std::vector<family_snapshot>;

}  // namespace weir::inline v0::metrics
