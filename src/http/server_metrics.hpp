// What a server counts, and one loop's handles on it.
//
// Handles are looked up where an endpoint first answers with a status, once; from then on counting
// a request touches its cells and takes no lock. Without a registry everything here does nothing.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "weir/http/status.hpp"
#include "weir/metrics/registry.hpp"

namespace weir::inline v0::http {

struct server_metrics {
    explicit server_metrics(metrics::registry& registry);

    metrics::family<metrics::counter> requests;
    metrics::family<metrics::histogram> durations;
    metrics::family<metrics::counter> rejected;
    metrics::counter exceptions;
    metrics::counter overdue;
    metrics::gauge in_flight;
};

class loop_metrics {
public:
    // labels: of the endpoints, by number. Lifetime: they and families outlive this.
    loop_metrics(const server_metrics* families, unsigned shard,
                 std::vector<std::string_view> labels);

    bool enabled() const noexcept { return families_ != nullptr; }
    void answered(std::size_t endpoint, status with, duration took);
    // A message that was refused, or given up, without a handler's doing.
    void rejected(std::string_view reason);
    void threw() noexcept { exceptions_.add(); }
    void overdue() noexcept { overdue_.add(); }
    const metrics::gauge_cell& in_flight() const noexcept { return in_flight_; }

private:
    struct status_cell {
        status which;
        metrics::counter_cell requests;
    };
    struct endpoint {
        std::string_view label;
        metrics::histogram_cell durations;
        std::vector<status_cell> statuses;
    };

    const server_metrics* families_;
    unsigned shard_;
    std::vector<endpoint> endpoints_;
    metrics::counter_cell exceptions_;
    metrics::counter_cell overdue_;
    metrics::gauge_cell in_flight_;
};

}  // namespace weir::inline v0::http
