// What a loop does with its engine: timers, turns from outside, work from other threads.
#include "weir/io/loop.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"

#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

class loop_test : public world_test<engine_world> {};

INSTANTIATE_TEST_SUITE_P(on, loop_test, testing::ValuesIn(engine_names()), name_of);

task<result<>> nap(duration length, std::vector<duration>& order) {
    const environment& env = co_await this_env{};
    const time_point before = env.now();
    co_await or_return(sleep(length));
    EXPECT_GE(env.now() - before, length);
    order.push_back(length);
    co_return {};
}

task<result<>> naps(std::vector<duration>& order) {
    co_await when_all(nap(30ms, order), nap(10ms, order), nap(20ms, order), nap(0ms, order),
                      nap(11ms, order));
    co_return {};
}

TEST_P(loop_test, fires_timers_in_order_and_never_early) {
    std::vector<duration> order;
    const time_point before = world_->engine().now();
    run(naps(order));
    EXPECT_EQ(order, (std::vector<duration>{0ms, 10ms, 11ms, 20ms, 30ms}));
    EXPECT_GE(world_->engine().now() - before, 30ms);
    if (world_->simulated()) {
        EXPECT_LE(world_->engine().now() - before, 31ms);
    }
}

TEST_P(loop_test, is_stepped_from_outside_without_waiting) {
    loop& loop = world_->loop();
    const time_point before = world_->engine().now();
    for (int i = 0; i < 100; ++i) loop.turn(loop.now());
    EXPECT_LT(world_->engine().now() - before, 5s);
}

TEST_P(loop_test, waits_as_long_as_it_is_told_at_most) {
    loop& loop = world_->loop();
    const time_point until = world_->engine().now() + 20ms;
    int turns = 0;
    while (world_->engine().now() < until && ++turns < 1000) loop.turn(until);
    EXPECT_GE(world_->engine().now(), until);
    EXPECT_LT(turns, 20) << "it does not wait, it spins";
}

// A runnable that counts how often it ran.
class counter final : public runnable {
public:
    void run() noexcept override { ran_.fetch_add(1, std::memory_order_release); }
    int ran() const noexcept { return ran_.load(std::memory_order_acquire); }

private:
    std::atomic<int> ran_ = 0;
};

TEST_P(loop_test, wakes_for_what_another_thread_posts) {
    constexpr int rounds = 200;
    loop& loop = world_->loop();
    counter posted;
    // Each round finds the loop asleep, or on its way there; the last turn has nothing to run.
    std::thread other{[&] {
        for (int round = 0; round < rounds; ++round) {
            loop.scheduler().post(posted);
            while (posted.ran() <= round) std::this_thread::yield();
        }
        loop.engine().wake();
    }};
    while (posted.ran() < rounds) loop.turn();
    other.join();
    EXPECT_EQ(posted.ran(), rounds);
}

task<result<>> throws() {
    co_await yield();
    throw std::runtime_error{"from inside"};
}
task<> passes_on() { (void)co_await throws(); }

TEST_P(loop_test, rethrows_what_its_task_throws) {
    EXPECT_THROW(world_->loop().run(passes_on()), std::runtime_error);
}

task<result<>> yields(int& turns) {
    for (; turns < 100; ++turns) co_await yield();
    co_return {};
}

struct counted final : runnable {
    void run() noexcept override { ++runs; }
    int runs = 0;
};

task<> ends_its_turn(io::loop& loop, counted& last) {
    co_await yield();  // into a turn
    loop.scheduler().at_turn_end(last);
    EXPECT_EQ(last.runs, 0);
    co_await yield();
    EXPECT_EQ(last.runs, 1);
    loop.scheduler().at_turn_end(last);
}

TEST_P(loop_test, ends_each_turn_with_what_was_to_come_last) {
    counted last;
    world_->loop().run(ends_its_turn(world_->loop(), last));
    world_.reset();
    EXPECT_EQ(last.runs, 2);
}

TEST_P(loop_test, ends_its_last_turn_where_it_is_destroyed) {
    counted last;
    world_->loop().scheduler().at_turn_end(last);
    world_.reset();
    EXPECT_EQ(last.runs, 1);
}

TEST_P(loop_test, does_not_wait_while_something_is_ready) {
    int turns = 0;
    const time_point before = world_->engine().now();
    run(yields(turns));
    EXPECT_EQ(turns, 100);
    if (world_->simulated()) {
        EXPECT_EQ(world_->engine().now(), before);
    }
}

}  // namespace
}  // namespace weir::inline v0::io
