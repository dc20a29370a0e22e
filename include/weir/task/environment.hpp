// What a task inherits from the task that awaits it: the loop it runs on and the stop that reaches
// it, deadline included. It is handed over before the awaited operation starts, so that
// cancellation and deadlines reach every wait without being passed by hand.
#pragma once

#include "weir/task/scheduler.hpp"
#include "weir/task/stop.hpp"

namespace weir::inline v0 {

class environment {
public:
    using loop_bound = void;

    environment(class scheduler& scheduler, stop_node& stop) noexcept
        : scheduler_{&scheduler}, stop_{&stop} {}

    class scheduler& scheduler() const noexcept { return *scheduler_; }
    stop_node& stop() const noexcept { return *stop_; }
    time_point now() const noexcept { return scheduler_->now(); }
    time_point deadline() const noexcept { return stop_->deadline(); }

private:
    class scheduler* scheduler_;
    stop_node* stop_;
};

}  // namespace weir::inline v0
