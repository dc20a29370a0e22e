#include "heartbeats.hpp"

#include <limits>

namespace weir::inline v0 {
namespace {

constexpr auto ended = std::numeric_limits<std::uint64_t>::max();

}  // namespace

void heartbeats::begin(std::size_t loops) {
    if (beats_.size() != loops) beats_ = std::vector<std::atomic<std::uint64_t>>(loops);
    for (auto& each : beats_) each.store(1, std::memory_order_relaxed);
}

void heartbeats::beat(std::size_t loop) noexcept {
    beats_[loop].fetch_add(1, std::memory_order_relaxed);
}

void heartbeats::end(std::size_t loop) noexcept {
    beats_[loop].store(ended, std::memory_order_relaxed);
}

bool heartbeats::has_ended(std::size_t loop) const noexcept { return count(loop) == ended; }

std::uint64_t heartbeats::count(std::size_t loop) const noexcept {
    return beats_[loop].load(std::memory_order_relaxed);
}

}  // namespace weir::inline v0
