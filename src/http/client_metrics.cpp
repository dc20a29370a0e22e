#include "client_metrics.hpp"

#include <algorithm>
#include <string>

namespace weir::inline v0::http {

client_metrics::families::families(metrics::registry& registry)
    : requests{registry.counter_family("weir_http_client_requests_total",
                                       "Requests that a server answered.", {"client", "status"})},
      failures{registry.counter_family("weir_http_client_failures_total",
                                       "Requests that ended without a response's head.",
                                       {"client", "reason"})},
      durations{registry.histogram_family(
          "weir_http_client_request_duration_seconds",
          "From asking, a connection's wait included, to the response's head, in seconds.",
          {"client"})},
      retries{registry.counter_family(
          "weir_http_client_retries_total",
          "Requests sent again, since a connection that had rested was gone.", {"client"})},
      opened{registry.counter_family("weir_http_client_connections_opened_total",
                                     "Connections made.", {"client"})},
      reused{registry.counter_family("weir_http_client_connections_reused_total",
                                     "Requests sent on a connection that had served others.",
                                     {"client"})},
      open{registry.gauge_family("weir_http_client_connections", "Connections that are open now.",
                                 {"client"})},
      in_flight{registry.gauge_family("weir_http_client_requests_in_flight",
                                      "Requests on a connection now, their responses' bodies "
                                      "included.",
                                      {"client"})} {}

client_metrics::client_metrics(metrics::registry* registry, std::string_view name, unsigned shard)
    : name_{name}, shard_{shard} {
    if (registry == nullptr) return;
    families_.emplace(*registry);
    durations_ = families_->durations.with({name}).at(shard);
    retries_ = families_->retries.with({name}).at(shard);
    opened_ = families_->opened.with({name}).at(shard);
    reused_ = families_->reused.with({name}).at(shard);
    open_ = families_->open.with({name}).at(shard);
    in_flight_ = families_->in_flight.with({name}).at(shard);
}

void client_metrics::answered(status with, duration took) {
    if (!families_) return;
    durations_.observe(took);
    auto cell = std::ranges::find(statuses_, with, &labelled<status>::which);
    if (cell == statuses_.end()) {
        const std::string code = std::to_string(code_of(with));
        cell = statuses_.insert(cell, {with, families_->requests.with({name_, code}).at(shard_)});
    }
    cell->count.add();
}

void client_metrics::failed(errc why) {
    if (!families_) return;
    auto cell = std::ranges::find(failures_, why, &labelled<errc>::which);
    if (cell == failures_.end()) {
        const auto count = families_->failures.with({name_, to_string(why)}).at(shard_);
        cell = failures_.insert(cell, {why, count});
    }
    cell->count.add();
}

void client_metrics::opened() noexcept {
    opened_.add();
    open_.add();
}

}  // namespace weir::inline v0::http
