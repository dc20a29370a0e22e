#include "beat_watch.hpp"

namespace weir::inline v0 {

void beat_watch::look() noexcept {
    for (std::size_t loop = 0; loop < loops_.size(); ++loop) look_at(loop);
}

bool beat_watch::look_at(std::size_t loop) noexcept {
    const bool stalled = stalls(loop);
    sight& last = loops_[loop];
    const std::uint64_t beats = beats_->count(loop);
    const bool misses = beats == last.beats && beats != 0 && !beats_->has_ended(loop);
    last = {beats, misses ? last.missed + 1 : 0};
    return stalls(loop) != stalled;
}

bool beat_watch::stalls(std::size_t loop) const noexcept {
    return missed(loop) >= heartbeats::most_missed;
}

std::optional<std::size_t> beat_watch::stalled() const noexcept {
    for (std::size_t loop = 0; loop < loops_.size(); ++loop) {
        if (stalls(loop)) return loop;
    }
    return std::nullopt;
}

}  // namespace weir::inline v0
