// Something that happens once, told to one loop from any thread.
//
// Told in the order of posts: whatever was posted to the loop before it has run when it arrives,
// also for who begins to wait later. A flow::event, which any loop may wait for, has no such order.
#pragma once

#include <atomic>
#include <utility>

#include "weir/base/result.hpp"
#include "weir/task/scheduler.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::io {

// Belongs to the loop that made it, except give(). It must outlive every thread that may call
// give().
class notice final : runnable {
public:
    explicit notice(scheduler& home) noexcept : home_{&home} {}
    notice(const notice&) = delete;
    notice& operator=(const notice&) = delete;
    ~notice() { home_->withdraw(*this); }

    // From any thread, also more than once; the first counts.
    void give() noexcept {
        if (!given_.exchange(true, std::memory_order_acq_rel)) home_->post(*this);
    }

    class awaiter final : public wait {
    public:
        awaiter(notice& from, const environment& env) noexcept : wait{env}, from_{&from} {}
        ~awaiter() {
            if (from_->waiting_ == this) from_->waiting_ = nullptr;
        }

        bool await_ready() noexcept {
            if (stopped()) reason_ = stop_reason();
            return stopped() || from_->arrived_;
        }
        void await_suspend(continuation then) noexcept {
            from_->waiting_ = this;
            park(then);
        }
        result<> await_resume() noexcept {
            if (failed()) return fail(reason_);
            return {};
        }
        bool failed() const noexcept { return reason_ != errc{}; }
        error take_error() const noexcept { return error{reason_}; }

    private:
        friend class notice;
        void on_stop(errc reason) noexcept override {
            from_->waiting_ = nullptr;
            reason_ = reason;
            wake();
        }

        notice* from_;
        errc reason_{};
    };

    // `co_await notice`: until it has been given. One task may wait. Cancellation: the stop's
    // reason.
    awaiter await_with(const environment& env) noexcept { return awaiter{*this, env}; }

private:
    void run() noexcept override {
        arrived_ = true;
        if (awaiter* waiting = std::exchange(waiting_, nullptr)) waiting->wake();
    }

    scheduler* home_;
    std::atomic<bool> given_ = false;
    bool arrived_ = false;
    awaiter* waiting_ = nullptr;
};

}  // namespace weir::inline v0::io
