#include "app/api/frame_metrics.hpp"

namespace weir::app {

namespace {

constexpr std::string_view nobody = "other";

}  // namespace

frame_metrics::frame_metrics(metrics::registry& registry,
                             std::span<const served_endpoint> endpoints)
    : endpoints_{endpoints},
      calls_{registry.counter_family("weir_frame_calls_total", "Calls answered over frames.",
                                     {"endpoint", "code"})},
      refused_hellos_{registry.counter("weir_frame_refused_hellos_total",
                                       "Connections ended for want of a good token.")} {
    const auto durations = registry.histogram_family(
        "weir_frame_call_duration_seconds", "From a call's frame to its answer.", {"endpoint"});
    by_loop_.resize(registry.shards());
    for (std::size_t at = 0; at <= endpoints.size(); ++at) {
        const std::string_view name = name_of(at);
        const auto ok = calls_.with({name, "ok"});
        const auto took = durations.with({name});
        for (unsigned loop = 0; loop < registry.shards(); ++loop)
            by_loop_[loop].push_back({ok.at(loop), took.at(loop)});
    }
}

void frame_metrics::answered(unsigned loop, const served_endpoint* which, errc code,
                             duration took) const {
    const std::size_t at =
        which == nullptr ? endpoints_.size() : static_cast<std::size_t>(which - endpoints_.data());
    const cells& mine = by_loop_[loop][at];
    mine.durations.observe(took);
    if (code == errc{}) return mine.ok.add();
    calls_.with({name_of(at), to_string(code)}).at(loop).add();
}

std::string_view frame_metrics::name_of(std::size_t endpoint) const noexcept {
    return endpoint < endpoints_.size() ? std::string_view{endpoints_[endpoint].config.name}
                                        : nobody;
}

}  // namespace weir::app
