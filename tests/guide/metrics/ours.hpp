// The same in a registry.
#pragma once

#include <cstdint>

#include "weir/metrics/registry.hpp"

#include "request.hpp"

namespace guide::metrics {

class in_a_registry {
public:
    void serve(const request& asked) {
        const bool good = answer(asked);
        (good ? answered_ : failed_).add();
        by_path_.with({asked.path}).add();
        latency_.observe(asked.takes);
    }

    std::uint64_t counted() const { return answered_.value() + failed_.value(); }
    std::size_t series() const {
        for (const auto& family : registry_.collect())
            if (family.name == "paths_total") return family.samples.size();
        return 0;
    }
    double seconds() const { return std::chrono::duration<double>{latency_.sum()}.count(); }

private:
    weir::metrics::registry registry_{1};
    weir::metrics::family<weir::metrics::counter> requests_ =
        registry_.counter_family("requests_total", "Requests, by their outcome.", {"outcome"});
    weir::metrics::counter answered_ = requests_.with({"answered"});
    weir::metrics::counter failed_ = requests_.with({"failed"});
    weir::metrics::family<weir::metrics::counter> by_path_ =
        registry_.counter_family("paths_total", "Requests, by their path.", {"path"}, 20);
    weir::metrics::histogram latency_ =
        registry_.histogram("request_seconds", "From a request to its end.");
};

}  // namespace guide::metrics
