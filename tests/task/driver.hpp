// Runs tasks on a scheduler whose time moves only when nothing else can happen.
#pragma once

#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "weir/task/scope.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0 {

class driver {
public:
    scheduler& loop() { return scheduler_; }
    stop_node& stop() { return stop_; }
    task_scope& scope() { return scope_; }
    time_point now() const { return scheduler_.now(); }

    // Steps until nothing is ready and no timer is armed, at most so many turns.
    void run(int turns = 100'000) {
        while (turns-- > 0 && step()) {
        }
    }

    // One turn; false where there is nothing left to do.
    bool step() {
        time_point now = scheduler_.now();
        // Sleeping through to the next timer is only for who has nothing to do and no mail.
        if (scheduler_.idle() && scheduler_.prepare_sleep()) {
            scheduler_.end_sleep();
            now = scheduler_.next_expiry();
            if (now == never) return false;
        }
        scheduler_.advance(now);
        scheduler_.run_ready();
        return true;
    }

    // Runs the task to its end and answers with its outcome; fails the test if it does not end.
    template <class T>
    T run(task<T> task) {
        std::optional<typename completion<T>::stored> outcome;
        scope_.spawn(keep(std::move(task), outcome));
        run();
        EXPECT_TRUE(outcome.has_value()) << "the task did not end";
        if constexpr (!std::is_void_v<T>) return std::move(outcome).value();
    }

private:
    template <class T>
    static weir::task<> keep(task<T> task, std::optional<typename completion<T>::stored>& outcome) {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(task);
            outcome.emplace();
        } else {
            outcome.emplace(co_await std::move(task));
        }
    }

    scheduler scheduler_;
    frame_pool frames_;
    frame_pool::use use_{frames_};
    stop_node stop_;
    environment env_{scheduler_, stop_};
    task_scope scope_{env_, [](const error& why) { ADD_FAILURE() << why.message(); }};
};

}  // namespace weir::inline v0
