#include "server_metrics.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace weir::inline v0::http {

server_metrics::server_metrics(metrics::registry& registry)
    : requests{registry.counter_family("weir_http_requests_total", "Requests answered.",
                                       {"endpoint", "status"})},
      durations{registry.histogram_family(
          "weir_http_request_duration_seconds",
          "From the end of a request's head to its answer, in seconds.", {"endpoint"})},
      rejected{registry.counter_family(
          "weir_http_rejected_total",
          "Requests refused or given up before a handler could answer them.", {"reason"})},
      exceptions{registry.counter("weir_http_handler_exceptions_total",
                                  "Exceptions that handlers threw.")},
      overdue{registry.counter("weir_http_handlers_overdue_total",
                               "Handlers that went on a second after their time was over.")},
      in_flight{registry.gauge("weir_http_requests_in_flight", "Requests being handled now.")} {}

loop_metrics::loop_metrics(const server_metrics* families, io::loop& loop,
                           std::vector<std::string_view> labels)
    : families_{families}, loop_{loop} {
    if (families == nullptr) return;
    const unsigned shard = loop.index();
    exceptions_ = families->exceptions.at(shard);
    overdue_ = families->overdue.at(shard);
    in_flight_ = families->in_flight.at(shard);
    endpoints_.resize(labels.size());
    for (std::size_t at = 0; at < labels.size(); ++at) {
        endpoints_[at].label = labels[at];
        endpoints_[at].durations = families->durations.with({labels[at]}).at(shard);
    }
}

void loop_metrics::add_answers() {
    const std::uint64_t count = std::exchange(alike_, 0);
    if (!enabled()) return;
    loop_metrics::endpoint& of = endpoints_[last_.endpoint];
    of.durations.observe(loop_.read_clock() - last_.begun, count);
    auto cell = std::ranges::find(of.statuses, last_.with, &status_cell::which);
    if (cell == of.statuses.end()) {
        const std::string code = std::to_string(code_of(last_.with));
        const auto requests = families_->requests.with({of.label, code}).at(loop_.index());
        cell = of.statuses.insert(cell, {last_.with, requests});
    }
    cell->requests.add(count);
}

void loop_metrics::rejected(std::string_view reason) {
    if (enabled()) families_->rejected.with({reason}).at(loop_.index()).add();
}

}  // namespace weir::inline v0::http
