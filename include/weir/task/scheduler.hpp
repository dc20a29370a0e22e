// What runs next on one loop: a queue of the ready, the timers, and what other threads posted.
//
// It calls no operating system: whoever steps it tells it the time and how to wake its thread. All
// functions belong to the loop's thread, except post(), post_quietly(), wake(), withdraw(),
// running() and those that say so.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/intrusive_list.hpp"
#include "weir/base/mutex.hpp"
#include "weir/task/origin.hpp"
#include "weir/task/runnable.hpp"
#include "weir/task/timer.hpp"

namespace weir::inline v0 {

struct scope_tag;

// A task_scope, to the loop that its tasks run on.
class scope_link : public list_hook<scope_tag> {
protected:
    ~scope_link() = default;
};

// Wakes the loop's thread from its wait; callable from any thread.
class waker {
public:
    virtual void wake() noexcept = 0;

protected:
    ~waker() = default;
};

class WEIR_API scheduler {
public:
    explicit scheduler(time_point start = time_point{}) noexcept : now_{start}, timers_{start} {}
    scheduler(const scheduler&) = delete;
    scheduler& operator=(const scheduler&) = delete;

    // The loop's time, the same for a whole turn.
    time_point now() const noexcept { return now_; }
    // item runs later in this turn, after those that are queued already.
    void schedule(runnable& item) noexcept { ready_.push_back(item); }
    // item runs once all has run that is ready, or all that the engine has completed, whatever of
    // the two the loop is at; or where the loop ends before.
    void at_turn_end(runnable& item) noexcept { ends_.push_back(item); }
    void arm(timer& timer, time_point when) noexcept { timers_.arm(timer, when); }
    // What could have waited and was done at once, in this turn. Where it is enough, the next one
    // yields first: a task that never waits would keep the loop to itself.
    void did_at_once() noexcept { ++at_once_; }
    bool did_enough() const noexcept { return at_once_ >= most_at_once; }
    // A turn that has much to do.
    bool did_several() const noexcept { return at_once_ >= several_at_once; }

    // Somebody's work begins or goes on.
    void runs(const origin& whose) noexcept {
        running_name_.store(whose.name, std::memory_order_relaxed);
        running_number_.store(whose.number, std::memory_order_relaxed);
    }
    // Whose did last in this turn, from any thread; of one that turns, a name and a number may be
    // of two.
    origin running() const noexcept {
        return {running_name_.load(std::memory_order_relaxed),
                running_number_.load(std::memory_order_relaxed)};
    }

    // The scopes whose tasks run here.
    intrusive_list<scope_link, scope_tag>& scopes() noexcept { return scopes_; }
    std::uint64_t next_task_id() noexcept { return ++last_task_id_; }

    // From any thread: item runs in the loop's next turn. It must stay alive until then, or be
    // withdrawn by the loop's own thread.
    void post(runnable& item) noexcept;
    void withdraw(runnable& item) noexcept;
    // The same, but a loop that sleeps sleeps on. True where it does and nobody is about to wake
    // it: then the caller calls wake(), and may post to it more before.
    [[nodiscard]] bool post_quietly(runnable& item) noexcept;
    void wake() noexcept { waker_->wake(); }
    void set_waker(waker* waker) noexcept { waker_ = waker; }

    // Steps, for the loop. A turn is advance(), run_ready(), end_turn(), then what the engine has
    // completed, and end_turn() again; observe() only tells the time.
    void observe(time_point now) noexcept {
        if (now > now_) now_ = now;
    }
    void advance(time_point now) noexcept;
    void run_ready() noexcept;
    void end_turn() noexcept {
        while (runnable* item = ends_.try_pop_front()) item->run();
    }
    bool idle() const noexcept { return ready_.empty(); }
    time_point next_expiry() noexcept { return timers_.next_expiry(); }
    // Between the two, post() calls the waker. True where nothing was posted and the thread may
    // sleep.
    bool prepare_sleep() noexcept;
    void end_sleep() noexcept { asleep_.store(false, std::memory_order_relaxed); }

private:
    static constexpr unsigned several_at_once = 4;
    static constexpr unsigned most_at_once = 64;

    void collect_posted() noexcept;

    time_point now_;
    unsigned at_once_ = 0;
    run_queue ready_;
    run_queue ends_;
    timer_wheel timers_;
    intrusive_list<scope_link, scope_tag> scopes_;
    std::uint64_t last_task_id_ = 0;
    std::atomic<const char*> running_name_ = "";
    std::atomic<std::uint64_t> running_number_ = 0;

    waker* waker_ = nullptr;
    std::atomic<bool> asleep_ = false;
    std::atomic<bool> has_posted_ = false;
    mutex posted_mutex_;
    run_queue posted_ WEIR_GUARDED_BY(posted_mutex_);
};

}  // namespace weir::inline v0
