#include "weir/task/timer.hpp"

#include <algorithm>
#include <bit>

namespace weir::inline v0 {
namespace {

constexpr duration tick_length = std::chrono::milliseconds{1};
// The top level spans about two years; what lies further waits in its last slot and is looked at
// again from there. One slot short of the whole turn, so that "last" never meets "now".
constexpr std::uint64_t horizon = (std::uint64_t{1} << 36U) - (std::uint64_t{1} << 30U) - 1;

}  // namespace

void timer_wheel::arm(timer& timer, time_point when) noexcept {
    timer.unlink();
    if (when == never) return;
    timer.tick_ = std::max(tick_at_or_after(when), current_ + 1);
    insert(timer);
}

void timer_wheel::insert(timer& timer) noexcept {
    const std::uint64_t tick = std::min(timer.tick_, current_ + horizon);
    // The highest bit in which the two differ tells the level at which they part.
    const auto differing = (current_ ^ tick) | (slots - 1);
    const unsigned at = std::min(
        (63U - static_cast<unsigned>(std::countl_zero(differing))) / slot_bits, levels - 1);
    const unsigned slot = static_cast<unsigned>(tick >> (at * slot_bits)) & (slots - 1);
    levels_[at].lists[slot].push_back(timer);
    levels_[at].occupied |= std::uint64_t{1} << slot;
    earliest_ = std::min(earliest_, tick >> (at * slot_bits) << (at * slot_bits));
}

void timer_wheel::expire(time_point now) noexcept {
    if (now < start_) return;
    const auto target = static_cast<std::uint64_t>((now - start_) / tick_length);
    while (earliest_ <= target) {
        const place due = next_occupied();
        earliest_ = due.tick;
        if (due.tick > target) break;
        current_ = std::max(current_, due.tick);
        expire_slot(due);
    }
    current_ = std::max(current_, target);
}

void timer_wheel::expire_slot(const place& due) noexcept {
    slot_list list;
    list.take(levels_[due.level].lists[due.slot]);
    levels_[due.level].occupied &= ~(std::uint64_t{1} << due.slot);
    while (timer* timer = list.try_pop_front()) {
        if (timer->tick_ <= current_) {
            timer->on_expiry();
        } else {
            insert(*timer);
        }
    }
}

timer_wheel::place timer_wheel::next_occupied() noexcept {
    for (unsigned at = 0; at < levels; ++at) {
        level& level = levels_[at];
        const unsigned shift = at * slot_bits;
        const auto here = static_cast<unsigned>(current_ >> shift) & (slots - 1);
        while (level.occupied != 0) {
            const auto ahead = static_cast<unsigned>(
                std::countr_zero(std::rotr(level.occupied, static_cast<int>(here))));
            const unsigned slot = (here + ahead) & (slots - 1);
            if (level.lists[slot].empty()) {  // its timers were disarmed
                level.occupied &= ~(std::uint64_t{1} << slot);
                continue;
            }
            const std::uint64_t tick = ((current_ >> shift) + ahead) << shift;
            return {at, slot, tick};
        }
    }
    return {};
}

time_point timer_wheel::next_expiry() noexcept {
    const place next = next_occupied();
    if (next.level == levels) return never;
    return start_ + tick_length * static_cast<std::int64_t>(std::max(next.tick, current_));
}

std::uint64_t timer_wheel::tick_at_or_after(time_point when) const noexcept {
    if (when <= start_) return 0;
    const auto wait = when - start_;
    const auto whole = static_cast<std::uint64_t>(wait / tick_length);
    return wait % tick_length == duration::zero() ? whole : whole + 1;
}

}  // namespace weir::inline v0
