// All time series of one name, told apart by the values of their labels.
//
// The number of series is bounded, because every one costs memory here and in Prometheus for good,
// and label values may come from a peer. What is over the limit goes into one series whose values
// are all "other", and weir_metrics_series_over_limit_total says for which family that happened. A
// value that is not UTF-8, which would spoil the whole scrape, is "other" as well.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/metrics/series.hpp"

namespace weir::inline v0::metrics {

class registry;

inline constexpr std::size_t default_max_series = 1000;

namespace detail {
struct family_data;
}  // namespace detail

// What family<>::with() does for every kind of metric.
WEIR_API const detail::series& find_or_add(registry& owner, detail::family_data& family,
                                           std::span<const std::string_view> values);

template <class Metric>
class family {
public:
    family(registry& owner, detail::family_data& data) noexcept : owner_{&owner}, data_{&data} {}

    // The series with these label values, in the order of the label names; made where there is
    // none. Takes the registry's lock: look it up once and keep it. From any thread. Errors: throws
    // std::invalid_argument where the number of values is wrong.
    Metric with(std::initializer_list<std::string_view> values) const {
        return with(std::span{values.begin(), values.size()});
    }
    Metric with(std::span<const std::string_view> values) const {
        return Metric{find_or_add(*owner_, *data_, values)};
    }

private:
    registry* owner_;
    detail::family_data* data_;
};

}  // namespace weir::inline v0::metrics
