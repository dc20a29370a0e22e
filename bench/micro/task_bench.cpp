// What a child task, a deadline around one, and a task in a scope cost.
#include <benchmark/benchmark.h>

#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

namespace {

using namespace std::chrono_literals;

// One loop's worth of tasks, with nothing that waits for an operating system.
class bench_loop {
public:
    void run(weir::task<> main) {
        weir::task_scope scope{env_, [](const weir::error&) {}};
        scope.spawn(std::move(main));
        while (scope.size() > 0) {
            scheduler_.advance(scheduler_.now());
            scheduler_.run_ready();
        }
    }

private:
    weir::frame_pool frames_;
    weir::frame_pool::use using_frames_{frames_};
    weir::scheduler scheduler_;
    weir::stop_node stop_;
    weir::environment env_{scheduler_, stop_};
};

weir::task<int> answers_at_once(int value) { co_return value; }

weir::task<> awaits_children(benchmark::State& state) {
    int sum = 0;
    for ([[maybe_unused]] auto _ : state) {
        sum += co_await answers_at_once(1);
        benchmark::DoNotOptimize(sum);
    }
}

void completed_child_task(benchmark::State& state) {
    bench_loop loop;
    loop.run(awaits_children(state));
}
BENCHMARK(completed_child_task);

weir::task<> awaits_children_in_time(benchmark::State& state) {
    int sum = 0;
    for ([[maybe_unused]] auto _ : state) {
        sum += co_await weir::with_timeout(1s, answers_at_once(1));
        benchmark::DoNotOptimize(sum);
    }
}

void completed_child_task_with_timeout(benchmark::State& state) {
    bench_loop loop;
    loop.run(awaits_children_in_time(state));
}
BENCHMARK(completed_child_task_with_timeout);

weir::task<> yields(benchmark::State& state, bool in_time) {
    for ([[maybe_unused]] auto _ : state) {
        if (in_time) {
            co_await weir::with_timeout(1s, weir::yield());
        } else {
            co_await weir::yield();
        }
    }
}

void wait_of_one_turn(benchmark::State& state) {
    bench_loop loop;
    loop.run(yields(state, false));
}
BENCHMARK(wait_of_one_turn);

void wait_of_one_turn_with_timeout(benchmark::State& state) {
    bench_loop loop;
    loop.run(yields(state, true));
}
BENCHMARK(wait_of_one_turn_with_timeout);

weir::task<> ends_at_once() { co_return; }

weir::task<> spawns_children(benchmark::State& state) {
    const weir::environment& env = co_await weir::this_env{};
    weir::task_scope scope{env, [](const weir::error&) {}};
    for ([[maybe_unused]] auto _ : state) scope.spawn(ends_at_once());
    co_await scope.join();
}

void spawned_task_that_ends_at_once(benchmark::State& state) {
    bench_loop loop;
    loop.run(spawns_children(state));
}
BENCHMARK(spawned_task_that_ends_at_once);

}  // namespace
