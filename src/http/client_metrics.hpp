// What a client counts. Handles are looked up once, where a status or a failure first comes; from
// then on counting takes no lock. Without a registry everything here does nothing.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "weir/base/error.hpp"
#include "weir/http/status.hpp"
#include "weir/metrics/registry.hpp"

namespace weir::inline v0::http {

class client_metrics {
public:
    // Lifetime: the registry and the name outlive this. The shard: of the client's loop.
    client_metrics(metrics::registry* registry, std::string_view name, unsigned shard);

    // A response's head has come, so long after it was asked for.
    void answered(status with, duration took);
    void failed(errc why);
    // Asked again, since a connection that had rested was gone.
    void retried() noexcept { retries_.add(); }

    void opened() noexcept;
    void reused() noexcept { reused_.add(); }
    void closed() noexcept { open_.sub(); }
    void began() noexcept { in_flight_.add(); }
    void ended() noexcept { in_flight_.sub(); }

private:
    struct families {
        explicit families(metrics::registry& registry);

        metrics::family<metrics::counter> requests;
        metrics::family<metrics::counter> failures;
        metrics::family<metrics::histogram> durations;
        metrics::family<metrics::counter> retries;
        metrics::family<metrics::counter> opened;
        metrics::family<metrics::counter> reused;
        metrics::family<metrics::gauge> open;
        metrics::family<metrics::gauge> in_flight;
    };
    template <class Which>
    struct labelled {
        Which which;
        metrics::counter_cell count;
    };

    std::optional<families> families_;
    std::string_view name_;
    unsigned shard_;
    std::vector<labelled<status>> statuses_;
    std::vector<labelled<errc>> failures_;
    metrics::histogram_cell durations_;
    metrics::counter_cell retries_;
    metrics::counter_cell opened_;
    metrics::counter_cell reused_;
    metrics::gauge_cell open_;
    metrics::gauge_cell in_flight_;
};

}  // namespace weir::inline v0::http
