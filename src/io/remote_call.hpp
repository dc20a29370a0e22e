// A task on one loop, for a wait on another: what both threads have of it.
//
// Each side owns it and may leave at any moment, the waiting side by being destroyed, the other by
// ending; who leaves last deletes it. What is said in between are messages to the other's loop, and
// one that is still on its way is taken back before it could find nobody.
#pragma once

#include <cstddef>
#include <optional>

#include "weir/base/mutex.hpp"
#include "weir/io/guest.hpp"
#include "weir/io/run_on.hpp"
#include "weir/task/frame_pool.hpp"

namespace weir::inline v0::io {

class remote_call final : public guest {
public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* block, std::size_t size) noexcept {
        frame_pool::release(block, size);
    }

    remote_call(loop& there, remote_task::factory make, const environment& from)
        : there_{there}, home_{from.scheduler()}, whose_{from.whose()}, make_{std::move(make)} {}
    remote_call(const remote_call&) = delete;
    remote_call& operator=(const remote_call&) = delete;

    // At home. stopped: with what, where it is from the start.
    void start(remote_task& waiter, errc stopped) noexcept;
    void stop(errc reason) noexcept WEIR_EXCLUDES(mutex_);
    // Nobody waits any more: it is stopped. This may be gone afterwards.
    void leave() noexcept WEIR_EXCLUDES(mutex_);
    // Once it has ended.
    result<>& outcome() noexcept { return outcome_; }

private:
    // Sent at most once.
    template <void (remote_call::*Handle)() noexcept>
    class message final : public runnable {
    public:
        explicit message(remote_call& owner) noexcept : owner_{&owner} {}
        void run() noexcept override { (owner_->*Handle)(); }

    private:
        remote_call* owner_;
    };
    ~remote_call() = default;

    // There.
    void begin() noexcept;
    task<> keep_outcome();
    void ended(result<> how) noexcept;
    void leave_there() noexcept WEIR_EXCLUDES(mutex_);
    void stop_there() noexcept;
    void dismiss() noexcept override WEIR_EXCLUDES(mutex_);
    // At home.
    void tell() noexcept;

    loop& there_;
    scheduler& home_;
    origin whose_;
    remote_task::factory make_;  // made at home, and gone there
    result<> outcome_;
    errc initial_reason_{};  // written before begin_ is posted
    errc passed_reason_{};   // written before stop_there_ is posted

    // At home only.
    remote_task* waiter_ = nullptr;
    bool started_ = false;
    bool stop_sent_ = false;

    // There only.
    std::optional<stop_node> stop_;
    std::optional<environment> env_;
    std::optional<task_scope> scope_;

    mutex mutex_;
    bool left_ WEIR_GUARDED_BY(mutex_) = false;  // nobody waits at home
    bool over_ WEIR_GUARDED_BY(mutex_) = false;  // there is nothing left of it there

    message<&remote_call::begin> begin_{*this};
    message<&remote_call::stop_there> stop_there_{*this};
    message<&remote_call::leave_there> ended_there_{*this};
    message<&remote_call::tell> ended_{*this};
};

}  // namespace weir::inline v0::io
