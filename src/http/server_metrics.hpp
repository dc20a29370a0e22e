// What a server counts, and one loop's handles on it.
//
// Handles are looked up where an endpoint first answers with a status, once; from then on counting
// a request touches its cells and takes no lock. Requests of one batch that end alike are counted
// together. Without a registry everything here does nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/http/status.hpp"
#include "weir/io/loop.hpp"
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
    loop_metrics(const server_metrics* families, io::loop& loop,
                 std::vector<std::string_view> labels);

    // begun: when the loop learned of the request. It is counted by the next count_answers().
    void answered(std::size_t endpoint, status with, time_point begun) {
        const ending which{endpoint, with, begun};
        if (alike_ > 0 && which != last_) count_answers();
        last_ = which;
        ++alike_;
    }
    // They have taken until now.
    void count_answers() {
        if (alike_ > 0) add_answers();
    }
    // A message that was refused, or given up, without a handler's doing.
    void rejected(std::string_view reason);
    void threw() noexcept { exceptions_.add(); }
    void overdue() noexcept { overdue_.add(); }
    const metrics::gauge_cell& in_flight() const noexcept { return in_flight_; }

private:
    struct ending {
        friend bool operator==(const ending&, const ending&) noexcept = default;

        std::size_t endpoint = 0;
        status with{};
        time_point begun{};
    };
    struct status_cell {
        status which;
        metrics::counter_cell requests;
    };
    struct endpoint {
        std::string_view label;
        metrics::histogram_cell durations;
        std::vector<status_cell> statuses;
    };

    bool enabled() const noexcept { return families_ != nullptr; }
    void add_answers();

    const server_metrics* families_;
    io::loop& loop_;
    ending last_;
    std::uint64_t alike_ = 0;  // not counted yet
    std::vector<endpoint> endpoints_;
    metrics::counter_cell exceptions_;
    metrics::counter_cell overdue_;
    metrics::gauge_cell in_flight_;
};

}  // namespace weir::inline v0::http
