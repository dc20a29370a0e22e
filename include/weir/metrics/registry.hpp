// All metrics of one service. The service owns it; there is no global one.
//
//     auto requests = registry.counter_family("weir_http_requests_total", "Requests answered.",
//                                             {"endpoint", "status"});
//     auto ok = requests.with({"vendor", "200"}).at(loop_index);     // once
//     ok.add();                                                      // hot path: one cell
//
// A registry has one shard for each loop and a shared one for all other threads (series.hpp).
// Registering, looking up and collecting may be done from any thread and hold a short lock; adding
// to a metric takes none. Families and series are never removed.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/metrics/counter.hpp"
#include "weir/metrics/family.hpp"
#include "weir/metrics/gauge.hpp"
#include "weir/metrics/histogram.hpp"
#include "weir/metrics/labels.hpp"
#include "weir/metrics/snapshot.hpp"

namespace weir::inline v0::metrics {

struct histogram_options {
    histogram_options() = default;
    explicit histogram_options(std::vector<duration> upper_bounds,
                               std::size_t series_limit = default_max_series)
        : bounds{std::move(upper_bounds)}, max_series{series_limit} {}

    std::vector<duration> bounds = default_latency_bounds();
    std::size_t max_series = default_max_series;
};

namespace detail {
struct member;
}

// Computes a value while a registry is being collected, on the thread that collects and under the
// registry's lock: it must be quick, must not use the registry, and must not throw.
using callback = std::move_only_function<double()>;

// Keeps a callback registered. Once it is gone the callback is not running and will not run again.
// Lifetime: the registry outlives it.
class WEIR_API [[nodiscard]] callback_registration {
public:
    callback_registration() noexcept = default;
    callback_registration(registry& owner, detail::member& computed) noexcept
        : owner_{&owner}, computed_{&computed} {}
    callback_registration(callback_registration&& other) noexcept
        : owner_{std::exchange(other.owner_, nullptr)}, computed_{other.computed_} {}
    callback_registration& operator=(callback_registration&& other) noexcept;
    ~callback_registration() { reset(); }

    void reset() noexcept;

private:
    registry* owner_ = nullptr;
    detail::member* computed_ = nullptr;
};

// Registering throws std::invalid_argument where a name, a label or a help text is not what
// Prometheus takes, or where the name already stands for something else. The same name, kind and
// labels again are the same family.
class WEIR_API registry {
public:
    using names = std::initializer_list<std::string_view>;

    // For loops 0 to shards - 1.
    explicit registry(unsigned shards);
    registry(const registry&) = delete;
    registry& operator=(const registry&) = delete;
    ~registry();

    unsigned shards() const noexcept;

    family<metrics::counter> counter_family(std::string_view name, std::string_view help,
                                            names labels,
                                            std::size_t max_series = default_max_series);
    family<metrics::gauge> gauge_family(std::string_view name, std::string_view help, names labels,
                                        std::size_t max_series = default_max_series);
    family<metrics::histogram> histogram_family(std::string_view name, std::string_view help,
                                                names labels, histogram_options options = {});

    // A family of one series, without labels.
    metrics::counter counter(std::string_view name, std::string_view help);
    metrics::gauge gauge(std::string_view name, std::string_view help);
    metrics::histogram histogram(std::string_view name, std::string_view help,
                                 histogram_options options = {});

    // A series that is computed when somebody looks. Each set of label values once.
    callback_registration counter_callback(std::string_view name, std::string_view help,
                                           std::initializer_list<label> labels, callback compute);
    callback_registration gauge_callback(std::string_view name, std::string_view help,
                                         std::initializer_list<label> labels, callback compute);

    // What every metric is now. A series that is being added to meanwhile may lack the last
    // additions; none is lost.
    snapshot collect() const;

private:
    friend class callback_registration;
    friend const detail::series& find_or_add(registry& owner, detail::family_data& family,
                                             std::span<const std::string_view> values);
    struct state;

    callback_registration add_callback(detail::family_data&& wanted,
                                       std::initializer_list<label> labels, callback compute);
    void remove_callback(detail::member& computed) noexcept;

    std::unique_ptr<state> state_;
};

}  // namespace weir::inline v0::metrics
