// How often each call was made over frames, how it ended, and how long it took.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "weir/base/error.hpp"
#include "weir/metrics/registry.hpp"

#include "app/data/served_endpoint.hpp"

namespace weir::app {

class frame_metrics {
public:
    // Lifetime: both outlive it.
    frame_metrics(metrics::registry& registry, std::span<const served_endpoint> endpoints);

    // On a loop. which: null for a call that nobody offers; code: errc{} where it went well.
    void answered(unsigned loop, const served_endpoint* which, errc code, duration took) const;

    // On a loop: a connection ended for want of a good token.
    void refused_hello(unsigned loop) const { refused_hellos_.at(loop).add(); }

private:
    // One endpoint's, in one loop: what a call that went well touches.
    struct cells {
        metrics::counter_cell ok;
        metrics::histogram_cell durations;
    };

    std::string_view name_of(std::size_t endpoint) const noexcept;

    std::span<const served_endpoint> endpoints_;
    metrics::family<metrics::counter> calls_;
    metrics::counter refused_hellos_;
    std::vector<std::vector<cells>> by_loop_;  // then by endpoint; the last one is "other"
};

}  // namespace weir::app
