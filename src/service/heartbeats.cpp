#include "heartbeats.hpp"

namespace weir::inline v0 {
namespace {

constexpr duration stalled_after = heartbeats::most_missed * heartbeats::interval;

}  // namespace

void heartbeats::begin(std::size_t loops, time_point now) {
    if (last_.size() != loops) last_ = std::vector<std::atomic<std::int64_t>>(loops);
    for (std::size_t loop = 0; loop < loops; ++loop) beat(loop, now);
}

void heartbeats::beat(std::size_t loop, time_point now) noexcept {
    last_[loop].store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

void heartbeats::end(std::size_t loop) noexcept { beat(loop, time_point::max()); }

bool heartbeats::has_ended(std::size_t loop) const noexcept {
    return last(loop) == time_point::max();
}

time_point heartbeats::last(std::size_t loop) const noexcept {
    return time_point{duration{last_[loop].load(std::memory_order_relaxed)}};
}

bool heartbeats::stalls(std::size_t loop, time_point now) const noexcept {
    return now - last(loop) > stalled_after;
}

std::optional<std::size_t> heartbeats::stalled(time_point now) const noexcept {
    for (std::size_t loop = 0; loop < last_.size(); ++loop) {
        if (stalls(loop, now)) return loop;
    }
    return std::nullopt;
}

}  // namespace weir::inline v0
