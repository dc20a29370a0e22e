// Why a decision from another thread neither dangles nor gets lost:
//
// - A waiter is decided, taken out of the list of those who wait and posted to its loop within one
//   critical section of the mutex. So whoever holds the mutex finds it either waiting, and nobody
//   knows of it, or decided, and its post is complete.
// - What was posted runs, and a waiter dies, on the waiter's own loop: the two cannot overlap. A
//   waiter that dies undecided takes the mutex once, and leaves if it still waits. Then it
//   withdraws itself, and its loop forgets it, whether the post lay in the loop's mailbox or was
//   collected already.
// - A stop that meets a decided waiter does nothing: its resumption is on its way.
// - The resumption reads what the deciding thread wrote: the loop's mailbox lies between.
//
// post() takes the mailbox's mutex while this one is held, the one place in this room where two are
// held at once. It is always in this order, and nothing is called from within the mailbox's.
#include "weir/flow/shared_wait.hpp"

namespace weir::inline v0::flow {

// It begins to wait here already, so that asking takes the lock once: a decision is only posted,
// and its loop runs what was posted after await_suspend() has returned.
bool shared_wait::await_ready() noexcept {
    if (stopped()) {
        refuse(stop_reason());
        return true;
    }
    const lock_guard lock{*guard_};
    open_ = !enter();
    return !open_;
}

bool shared_wait::try_leave() noexcept {
    const lock_guard lock{*guard_};
    return leave();
}

void shared_wait::on_stop(errc reason) noexcept {
    if (!try_leave()) return;
    open_ = false;
    refuse(reason);
    wake();
}

void shared_wait::run() noexcept {
    open_ = false;
    resume_now();
}

void shared_wait::abandon() noexcept {
    if (open_ && !try_leave()) env().scheduler().withdraw(*this);
}

}  // namespace weir::inline v0::flow
