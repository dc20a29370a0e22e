#include "weir/io/run_on.hpp"

#include <exception>
#include <utility>

namespace weir::inline v0::io {

void remote_task::await_suspend(continuation then) noexcept {
    if (stopped()) {
        initial_reason_ = stop_reason();
        park_unstoppable(then);
    } else {
        park(then);
    }
    target_->scheduler().post(begin_);
}

void remote_task::begin() noexcept {
    stop_.emplace();
    env_there_.emplace(target_->scheduler(), *stop_);
    scope_.emplace(*env_there_, [](const error&) {});
    if (initial_reason_ != errc{}) stop_->request(initial_reason_);
    scope_->spawn(keep_outcome());
}

task<> remote_task::keep_outcome() {
    try {
        auto made = make_();
        outcome_ = co_await std::move(made);
    } catch (const std::exception& thrown) {
        outcome_ = fail(errc::internal, thrown.what());
    }
    make_ = nullptr;
    over_there_ = true;
    target_->scheduler().schedule(ended_there_);
}

// Apart from the task's own end, so that its frame is gone when the other loop hears of it.
void remote_task::leave() noexcept {
    scope_.reset();
    env().scheduler().post(ended_);
}

void remote_task::stop_there() noexcept {
    if (!over_there_) stop_->request(passed_reason_);
    env().scheduler().post(stop_passed_on_);
}

void remote_task::on_stop(errc reason) noexcept {
    passed_reason_ = reason;
    ++answers_due_;
    target_->scheduler().post(stop_there_);
}

void remote_task::one_answer() noexcept {
    if (--answers_due_ == 0) resume_now();
}

}  // namespace weir::inline v0::io
