#include "weir/task/scheduler.hpp"

namespace weir::inline v0 {

void scheduler::post(runnable& item) noexcept {
    if (post_quietly(item)) wake();
}

bool scheduler::post_quietly(runnable& item) noexcept {
    {
        const lock_guard lock{posted_mutex_};
        posted_.push_back(item);
        has_posted_.store(true, std::memory_order_seq_cst);
    }
    return asleep_.exchange(false, std::memory_order_seq_cst);
}

void scheduler::withdraw(runnable& item) noexcept {
    const lock_guard lock{posted_mutex_};
    item.unlink();
}

void scheduler::advance(time_point now) noexcept {
    observe(now);
    at_once_ = 0;
    runs({});
    timers_.expire(now_);
    if (has_posted_.load(std::memory_order_acquire)) collect_posted();
}

void scheduler::collect_posted() noexcept {
    const lock_guard lock{posted_mutex_};
    has_posted_.store(false, std::memory_order_relaxed);
    ready_.take(posted_);
}

void scheduler::run_ready() noexcept {
    // What becomes ready meanwhile waits for the next turn, so that input and output are not
    // starved.
    run_queue turn;
    turn.take(ready_);
    while (runnable* item = turn.try_pop_front()) {
        runs({});
        item->run();
    }
}

bool scheduler::prepare_sleep() noexcept {
    asleep_.store(true, std::memory_order_seq_cst);
    if (!has_posted_.load(std::memory_order_seq_cst)) return true;
    end_sleep();
    return false;
}

}  // namespace weir::inline v0
