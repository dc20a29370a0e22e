// Several loops, each on a thread of its own and in real time, for what crosses threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "weir/base/mutex.hpp"
#include "weir/task/scope.hpp"

namespace weir::inline v0 {

class threaded_loop final : waker {
public:
    using start_tasks = std::function<void(task_scope&)>;

    // Runs what start spawns, until none of it is left.
    void run(const start_tasks& start, std::latch& together) {
        const frame_pool::use frames{frames_};
        task_scope scope{environment{scheduler_, stop_},
                         [](const error& why) { ADD_FAILURE() << why.message(); }};
        scheduler_.set_waker(this);
        together.arrive_and_wait();
        start(scope);
        while (scope.size() > 0) {
            rest();
            scheduler_.advance(now());
            scheduler_.run_ready();
        }
    }

private:
    static time_point now() {
        return time_point{std::chrono::steady_clock::now().time_since_epoch()};
    }

    void rest() {
        if (!scheduler_.idle() || !scheduler_.prepare_sleep()) return;
        sleep_until(scheduler_.next_expiry());
        scheduler_.end_sleep();
    }

    void wake() noexcept override {
        const lock_guard lock{mutex_};
        woken_ = true;
        changed_.notify_one();
    }

    void sleep_until(time_point until) {
        const lock_guard lock{mutex_};
        while (!woken_ && now() < until) {
            if (until == never) {
                changed_.wait(mutex_);
            } else {
                changed_.wait_for(mutex_, until - now());
            }
        }
        woken_ = false;
    }

    scheduler scheduler_{now()};
    frame_pool frames_;
    stop_node stop_;
    mutex mutex_;
    std::condition_variable_any changed_;
    bool woken_ WEIR_GUARDED_BY(mutex_) = false;
};

// start(index, scope) is called on each loop's thread; all loops live until all threads have ended,
// because one may still be posting to another.
inline void run_on_loops(std::size_t count,
                         const std::function<void(std::size_t, task_scope&)>& start) {
    std::vector<std::unique_ptr<threaded_loop>> loops;
    for (std::size_t at = 0; at < count; ++at) loops.push_back(std::make_unique<threaded_loop>());
    std::latch together{static_cast<std::ptrdiff_t>(count)};
    std::vector<std::jthread> threads;
    for (std::size_t at = 0; at < count; ++at) {
        threads.emplace_back(
            [&, at] { loops[at]->run([&](task_scope& scope) { start(at, scope); }, together); });
    }
    for (auto& thread : threads) thread.join();
}

}  // namespace weir::inline v0
