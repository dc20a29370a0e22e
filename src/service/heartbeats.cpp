#include "heartbeats.hpp"

namespace weir::inline v0 {
namespace {

constexpr duration stalled_after = 5 * heartbeats::interval;

}  // namespace

void heartbeats::begin(std::size_t loops, time_point now) {
    last_ = std::vector<std::atomic<std::int64_t>>(loops);
    for (std::size_t loop = 0; loop < loops; ++loop) beat(loop, now);
}

void heartbeats::beat(std::size_t loop, time_point now) noexcept {
    last_[loop].store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

bool heartbeats::stalls(std::size_t loop, time_point now) const noexcept {
    const time_point beat{duration{last_[loop].load(std::memory_order_relaxed)}};
    return now - beat > stalled_after;
}

std::optional<std::size_t> heartbeats::stalled(time_point now) const noexcept {
    for (std::size_t loop = 0; loop < last_.size(); ++loop) {
        if (stalls(loop, now)) return loop;
    }
    return std::nullopt;
}

}  // namespace weir::inline v0
