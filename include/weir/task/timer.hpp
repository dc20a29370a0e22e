// Timers of one loop, in a hierarchical wheel: arming, re-arming and disarming are O(1) and cost no
// system call. A tick is a millisecond; a timer never fires early.
//
// Source: Varghese and Lauck, Hashed and Hierarchical Timing Wheels (1987).
#pragma once

#include <array>
#include <cstdint>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/intrusive_list.hpp"

namespace weir::inline v0 {

class timer_wheel;

struct timer_tag;

// Derive from it, or use it through a member; it disarms itself when it dies.
class timer : public list_hook<timer_tag> {
public:
    timer() noexcept = default;
    bool armed() const noexcept { return linked(); }

protected:
    ~timer() = default;

private:
    friend class timer_wheel;
    virtual void on_expiry() noexcept = 0;

    std::uint64_t tick_ = 0;
};

class WEIR_API timer_wheel {
public:
    explicit timer_wheel(time_point start) noexcept : start_{start} {}
    timer_wheel(const timer_wheel&) = delete;
    timer_wheel& operator=(const timer_wheel&) = delete;

    // Arms, or arms again; never disarms. A time that has passed fires at the next tick.
    void arm(timer& timer, time_point when) noexcept;
    // Calls on_expiry() of each timer that is due at now. It may arm, disarm and destroy timers.
    void expire(time_point now) noexcept;
    // When expire() next has something to do, not later than the earliest timer; never if none is
    // armed.
    time_point next_expiry() noexcept;

private:
    static constexpr unsigned levels = 6;
    static constexpr unsigned slot_bits = 6;
    static constexpr unsigned slots = 1U << slot_bits;
    static constexpr std::uint64_t no_tick = ~std::uint64_t{0};  // later than any
    using slot_list = intrusive_list<timer, timer_tag>;

    struct level {
        std::uint64_t occupied = 0;  // a bit a slot; may be set for a slot that has emptied since
        std::array<slot_list, slots> lists;
    };
    struct place {
        unsigned level = levels;
        unsigned slot = 0;
        std::uint64_t tick = no_tick;
    };

    void insert(timer& timer) noexcept;
    place next_occupied() noexcept;
    void expire_slot(const place& due) noexcept;
    std::uint64_t tick_at_or_after(time_point when) const noexcept;

    time_point start_;
    std::uint64_t current_ = 0;
    std::uint64_t earliest_ = no_tick;  // no slot is due before it
    std::array<level, levels> levels_;
};

}  // namespace weir::inline v0
