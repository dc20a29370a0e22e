#include "remote_call.hpp"

#include <new>
#include <utility>

namespace weir::inline v0::io {

void remote_call::start(remote_task& waiter, errc stopped) noexcept {
    waiter_ = &waiter;
    started_ = true;
    stop_sent_ = stopped != errc{};
    initial_reason_ = stopped;
    there_.admit(*this);
    there_.scheduler().post(begin_);
}

void remote_call::stop(errc reason) noexcept {
    if (std::exchange(stop_sent_, true)) return;
    passed_reason_ = reason;
    bool sleeps = false;
    {
        const lock_guard lock{mutex_};
        if (!over_) sleeps = there_.scheduler().post_quietly(stop_there_);
    }
    if (sleeps) there_.scheduler().wake();
}

void remote_call::leave() noexcept {
    if (started_) stop(errc::canceled);
    bool last = !started_;
    {
        const lock_guard lock{mutex_};
        left_ = true;
        if (over_) {
            home_.withdraw(ended_);
            last = true;
        }
    }
    if (last) delete this;
}

void remote_call::begin() noexcept {
    stop_.emplace();
    env_.emplace(there_.env(), *stop_, whose_);
    scope_.emplace(*env_, [this](error why) { ended(fail(std::move(why))); });
    if (initial_reason_ != errc{}) stop_->request(initial_reason_);
    env_->runs();
    try {
        scope_->spawn(keep_outcome(), "run_on");
    } catch (const std::bad_alloc&) {
        ended(fail(errc::out_of_memory));
    }
}

// What it throws, the scope tells.
task<> remote_call::keep_outcome() {
    auto made = make_();
    auto how = co_await std::move(made);
    ended(std::move(how));
}

// Apart from the task's own end, so that its frame is gone when the other loop hears of it.
void remote_call::ended(result<> how) noexcept {
    outcome_ = std::move(how);
    make_ = nullptr;
    there_.scheduler().schedule(ended_there_);
}

void remote_call::leave_there() noexcept {
    scope_.reset();
    there_.let_go(*this);
    scheduler& home = home_;
    bool last = false, sleeps = false;
    {
        const lock_guard lock{mutex_};
        over_ = true;
        there_.scheduler().withdraw(stop_there_);
        last = left_;
        if (!last) sleeps = home.post_quietly(ended_);
    }
    if (sleeps) home.wake();
    if (last) delete this;
}

void remote_call::stop_there() noexcept { stop_->request(passed_reason_); }

// No thread turns either loop.
void remote_call::dismiss() noexcept {
    scope_.reset();  // it may refer to its arguments
    make_ = nullptr;
    bool last = false;
    {
        const lock_guard lock{mutex_};
        over_ = true;
        last = left_;
    }
    if (last) delete this;
}

void remote_call::tell() noexcept { waiter_->ended(); }

}  // namespace weir::inline v0::io
