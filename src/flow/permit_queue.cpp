#include "weir/flow/permit_queue.hpp"

#include <cassert>

namespace weir::inline v0::flow {

permit_queue::~permit_queue() { assert(waiters_.empty() && "somebody still waits"); }

errc permit_queue::take_or_refuse(std::size_t wanted) noexcept {
    if (wanted > total_) return errc::too_large;
    if (closed() && !drains_) return closed_with_;
    if (waiting_ == 0 && wanted <= available_) {
        available_ -= wanted;
        return errc{};
    }
    return closed() ? closed_with_ : errc::overloaded;
}

bool permit_queue::enter(waiter& who) noexcept {
    const errc outcome = try_take(who.wanted_);
    if (outcome == errc::overloaded && waiting_ < max_waiters_) {
        waiters_.push_back(who);
        ++waiting_;
        return false;
    }
    who.granted_ = outcome == errc{};
    who.refusal_ = outcome;
    return true;
}

void permit_queue::leave(waiter& who) noexcept {
    if (who.queued()) {
        who.unlink();
        --waiting_;
        dispatch();  // it may have been the one for which there was not enough
    } else if (who.granted_) {
        give(who.take());
    }
}

void permit_queue::dispatch() noexcept {
    while (!waiters_.empty() && waiters_.front().wanted_ <= available_) {
        waiter& next = *waiters_.try_pop_front();
        --waiting_;
        available_ -= next.wanted_;
        next.granted_ = true;
        next.on_decided();
    }
}

void permit_queue::close(errc reason) noexcept {
    if (closed()) return;
    closed_with_ = reason;
    refuse_all();
}

void permit_queue::drain(errc reason) noexcept {
    if (closed()) return;
    drains_ = true;
    closed_with_ = reason;
    refuse_all();
}

void permit_queue::refuse_all() noexcept {
    while (waiter* next = waiters_.try_pop_front()) {
        --waiting_;
        next->refusal_ = closed_with_;
        next->on_decided();
    }
}

}  // namespace weir::inline v0::flow
