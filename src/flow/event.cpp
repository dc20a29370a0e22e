#include "weir/flow/event.hpp"

#include <cassert>

namespace weir::inline v0::flow {

event::~event() {
    // Taken so that whoever set it last has left.
    const lock_guard lock{mutex_};
    assert(waiting_.empty() && "somebody still waits");
}

void event::set() noexcept {
    const lock_guard lock{mutex_};
    set_ = true;
    while (awaiter* next = waiting_.try_pop_front()) next->decided();
}

void event::reset() noexcept {
    const lock_guard lock{mutex_};
    set_ = false;
}

bool event::is_set() const noexcept {
    const lock_guard lock{mutex_};
    return set_;
}

result<> event::awaiter::await_resume() const noexcept {
    if (failed()) return fail(reason_);
    return {};
}

bool event::awaiter::enter() noexcept {
    if (!event_->set_) event_->waiting_.push_back(*this);
    return event_->set_;
}

bool event::awaiter::leave() noexcept {
    const bool waits = list_hook<event_tag>::linked();
    list_hook<event_tag>::unlink();
    return waits;
}

}  // namespace weir::inline v0::flow
