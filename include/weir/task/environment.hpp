// What a task inherits from the task that awaits it: the loop it runs on, the stop that reaches it,
// deadline included, and on whose behalf it runs. It is handed over before the awaited operation
// starts, so that cancellation and deadlines reach every wait without being passed by hand.
#pragma once

#include "weir/task/origin.hpp"
#include "weir/task/scheduler.hpp"
#include "weir/task/stop.hpp"

namespace weir::inline v0 {

class environment {
public:
    using loop_bound = void;

    environment(class scheduler& scheduler, stop_node& stop) noexcept
        : scheduler_{&scheduler}, stop_{&stop} {}
    // What runs within outer, under a stop of its own.
    environment(const environment& outer, stop_node& stop) noexcept
        : environment{outer, stop, outer.origin_} {}
    environment(const environment& outer, stop_node& stop, const origin& whose) noexcept
        : scheduler_{outer.scheduler_}, stop_{&stop}, origin_{whose} {}

    class scheduler& scheduler() const noexcept { return *scheduler_; }
    stop_node& stop() const noexcept { return *stop_; }
    time_point now() const noexcept { return scheduler_->now(); }
    time_point deadline() const noexcept { return stop_->deadline(); }
    const origin& whose() const noexcept { return origin_; }
    // What is in it runs now.
    void runs() const noexcept { scheduler_->runs(origin_); }

private:
    class scheduler* scheduler_;
    stop_node* stop_;
    origin origin_;
};

}  // namespace weir::inline v0
