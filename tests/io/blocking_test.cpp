// Work on threads, and who destroys it.
#include "weir/io/blocking.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <semaphore>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

bool eventually(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

// What abandoned work says that it began with, and waits for.
struct latches {
    std::latch begun{1};
    std::latch until{1};
};

task<> waits_until(blocking_pool& threads, std::shared_ptr<int> owned, latches& latches) {
    auto work = [owned = std::move(owned), &latches]() -> result<> {
        latches.begun.count_down();
        latches.until.wait();
        return {};
    };
    auto working = run_blocking(threads, std::move(work));
    const auto outcome = co_await std::move(working);
    EXPECT_EQ(outcome.error(), errc::canceled);
}

task<result<>> give_up(blocking_pool& threads, std::shared_ptr<int> owned, latches& latches) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error&) { FAIL(); }};
    scope.spawn(waits_until(threads, std::move(owned), latches));
    latches.begun.wait();
    scope.request_stop();
    co_await scope.join();
    co_return {};
}

TEST(abandoned_work, is_destroyed_when_it_ends_though_its_loop_turns_no_more) {
    engine_world world{"epoll", 16};
    blocking_pool threads{blocking_options{}};
    latches latches;
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> alive = owned;
    world.run(give_up(threads, std::move(owned), latches));
    EXPECT_FALSE(alive.expired());
    EXPECT_EQ(threads.busy(), 1U) << "its thread is counted until it ends";
    latches.until.count_down();
    EXPECT_TRUE(eventually([&] { return alive.expired(); }));
    EXPECT_TRUE(eventually([&] { return threads.busy() == 0; }));
}

// What work touches on its thread while its caller leaves.
using numbers = std::vector<int>;

task<> count_up(blocking_pool& threads, std::shared_ptr<numbers> owned, int& outcomes) {
    auto work = [owned = std::move(owned)]() -> result<> {
        for (int& each : *owned) ++each;
        return {};
    };
    auto working = run_blocking(threads, std::move(work));
    const auto outcome = co_await std::move(working);
    EXPECT_TRUE(outcome || outcome.error() == errc::canceled);
    ++outcomes;
}

task<result<>> leaves_working_threads(blocking_pool& threads, bool stopped) {
    const environment& env = co_await this_env{};
    for (int round = 0; round < 300; ++round) {
        int outcomes = 0;
        {
            task_scope scope{env, [](const error&) { FAIL(); }};
            scope.spawn(count_up(threads, std::make_shared<numbers>(2000), outcomes));
            for (int turns = round % 8; turns > 0; --turns) co_await yield();
            if (stopped) {
                scope.request_stop();
                co_await scope.join();
            }
        }
        EXPECT_TRUE(outcomes == 1 || (!stopped && outcomes == 0));
    }
    co_return {};
}

TEST(abandoned_work, has_one_outcome_where_a_stop_races_its_end) {
    engine_world world{"epoll", 16};
    blocking_pool threads{blocking_options{}};
    world.run(leaves_working_threads(threads, true));
}

TEST(abandoned_work, outlives_a_task_that_is_destroyed_while_it_ends) {
    engine_world world{"epoll", 16};
    blocking_pool threads{blocking_options{}};
    world.run(leaves_working_threads(threads, false));
}

constexpr auto deadline = 10s;

blocking_options threads(unsigned count) {
    blocking_options options;
    options.threads = count;
    return options;
}

// Says that it began, and ends when it is let.
class step final : public blocking_job {
public:
    step(std::counting_semaphore<>& begun, std::counting_semaphore<>& go)
        : begun_{&begun}, go_{&go} {}
    void work() noexcept override {
        begun_->release();
        (void)go_->try_acquire_for(deadline);
    }

private:
    std::counting_semaphore<>* begun_;
    std::counting_semaphore<>* go_;
};

class a_blocking_pool : public testing::Test {
protected:
    explicit a_blocking_pool(const blocking_options& options = threads(4)) : pool_{options} {}
    // A pool that ends leaves its work to itself, and this work uses what ends with the test.
    void TearDown() override {
        ASSERT_TRUE(eventually([&] { return pool_.busy() + pool_.queued() == 0; }));
    }
    void add(int count) {
        for (int each = 0; each < count; ++each)
            pool_.run_unattended(*std::make_unique<step>(begun_, go_).release());
    }
    bool have_begun(int count) {
        for (int each = 0; each < count; ++each)
            if (!begun_.try_acquire_for(deadline)) return false;
        return true;
    }

    std::counting_semaphore<> begun_{0};
    std::counting_semaphore<> go_{0};
    blocking_pool pool_;
};

TEST_F(a_blocking_pool, has_as_many_at_work_as_it_has_threads_while_each_of_them_blocks) {
    for (int round = 0; round < 200; ++round) {
        add(4);
        ASSERT_TRUE(have_begun(4)) << "round " << round << ", " << pool_.busy() << " at work";
        go_.release(4);
    }
}

TEST_F(a_blocking_pool, finishes_a_burst_that_is_longer_than_its_threads_are_many) {
    go_.release(10'000);
    for (int round = 0; round < 100; ++round) {
        add(100);
        ASSERT_TRUE(have_begun(100)) << "round " << round << ", " << pool_.queued() << " wait";
    }
}

blocking_options narrow() {
    blocking_options options = threads(1);
    options.queue = 2;
    return options;
}

class a_full_blocking_pool : public a_blocking_pool {
protected:
    a_full_blocking_pool() : a_blocking_pool{narrow()} {}
};

task<result<>> is_overloaded(blocking_pool& threads, bool& ran) {
    auto work = [&ran]() -> result<> {
        ran = true;
        return {};
    };
    auto working = run_blocking(threads, std::move(work));
    const auto outcome = co_await std::move(working);
    EXPECT_TRUE(!outcome && outcome.error() == errc::overloaded);
    co_return {};
}

TEST_F(a_full_blocking_pool, says_so_at_once_and_takes_work_again_when_there_is_room) {
    engine_world world{"epoll", 16};
    add(1);
    ASSERT_TRUE(have_begun(1));
    add(2);
    EXPECT_EQ(pool_.busy(), 1U);
    EXPECT_EQ(pool_.queued(), 2U);
    bool ran = false;
    world.run(is_overloaded(pool_, ran));
    EXPECT_FALSE(ran);
    EXPECT_EQ(pool_.queued(), 2U);
    go_.release(1);
    ASSERT_TRUE(have_begun(1));
    add(1);
    go_.release(3);
    EXPECT_TRUE(have_begun(2)) << "both that had waited, and the one that came then";
}

// Tells by what it owns whether it is there, and by a count whether it ran.
class owning_step final : public blocking_job {
public:
    owning_step(std::shared_ptr<std::atomic<int>> ran, std::latch& begun, std::latch& go)
        : ran_{std::move(ran)}, begun_{&begun}, go_{&go} {}
    void work() noexcept override {
        begun_->count_down();
        go_->wait();
        ++*ran_;
    }

private:
    std::shared_ptr<std::atomic<int>> ran_;
    std::latch* begun_;
    std::latch* go_;
};

TEST(a_blocking_pool_that_ends, leaves_what_runs_to_itself_and_lets_go_of_what_waits) {
    std::optional<blocking_pool> pool{std::in_place, threads(1)};
    std::latch begun{1}, go{1};
    const auto ran = std::make_shared<std::atomic<int>>(0);
    for (int each = 0; each < 3; ++each) {
        pool->run_unattended(*std::make_unique<owning_step>(ran, begun, go).release());
    }
    begun.wait();
    pool.reset();
    EXPECT_EQ(ran->load(), 0);
    EXPECT_EQ(ran.use_count(), 2) << "of the one that runs";
    go.count_down();
    EXPECT_TRUE(eventually([&] { return ran.use_count() == 1; }));
    EXPECT_EQ(ran->load(), 1);
}

// Refers to what its task owns, as work that can be interrupted may.
task<> counts_until_it_is_interrupted(blocking_pool& threads, std::atomic<int>& begun,
                                      int& outcomes) {
    numbers own(2000);
    std::atomic<bool> enough = false;
    auto work = [&own, &enough, &begun]() -> result<> {
        ++begun;
        do {
            for (int& each : own) ++each;
        } while (!enough.load());
        return {};
    };
    auto interrupt = [&enough] { enough.store(true); };
    auto working = run_blocking(threads, std::move(work), std::move(interrupt));
    (void)co_await std::move(working);
    ++outcomes;
}

task<result<>> destroys_what_runs(blocking_pool& threads) {
    const environment& env = co_await this_env{};
    for (int round = 0; round < 100; ++round) {
        std::atomic<int> begun = 0;
        int outcomes = 0;
        {
            task_scope scope{env, [](const error&) { FAIL(); }};
            scope.spawn(counts_until_it_is_interrupted(threads, begun, outcomes));
            if (round % 4 > 0) {
                EXPECT_TRUE(eventually([&] { return begun == 1; }));
            }
            if (round % 4 > 1) scope.request_stop();
            if (round % 4 > 2) {
                EXPECT_TRUE(eventually([&] { return threads.busy() == 0; }));
            }
        }
        EXPECT_EQ(threads.busy() + threads.queued(), 0U)
            << "nothing of it is left, round " << round;
        EXPECT_EQ(outcomes, 0);
    }
    co_return {};
}

// BEHAVIOUR.md, Process, "a coroutine destroyed at any suspension point".
TEST(work_that_can_be_interrupted, has_ended_when_its_task_is_destroyed) {
    engine_world world{"epoll", 16};
    blocking_pool pool{threads(1)};
    world.run(destroys_what_runs(pool));
}

task<result<>> destroys_what_waits(blocking_pool& threads) {
    const environment& env = co_await this_env{};
    std::atomic<int> begun = 0;
    int outcomes = 0;
    {
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.spawn(counts_until_it_is_interrupted(threads, begun, outcomes));
        EXPECT_EQ(threads.queued(), 1U);
    }
    EXPECT_EQ(threads.queued(), 0U);
    EXPECT_EQ(begun + outcomes, 0);
    co_return {};
}

task<result<>> times_out(blocking_pool& threads, std::shared_ptr<std::atomic<int>> ran) {
    auto work = [ran = std::move(ran)]() -> result<> {
        ++*ran;
        return {};
    };
    auto working = run_blocking(threads, std::move(work));
    const auto outcome = co_await with_timeout(10ms, std::move(working));
    EXPECT_EQ(outcome.error(), errc::timed_out);
    co_return {};
}

TEST_F(a_full_blocking_pool, forgets_work_that_is_given_up_before_it_began) {
    engine_world world{"epoll", 16};
    add(1);
    ASSERT_TRUE(have_begun(1));
    const auto ran = std::make_shared<std::atomic<int>>(0);
    for (int each = 0; each < 3; ++each) world.run(times_out(pool_, ran));  // one more than fit
    EXPECT_EQ(pool_.queued(), 0U);
    EXPECT_EQ(ran.use_count(), 1) << "what it owned is gone";
    add(2);
    EXPECT_EQ(pool_.queued(), 2U) << "as if it had never been";
    go_.release(3);
    EXPECT_TRUE(have_begun(2));
    EXPECT_EQ(*ran, 0);
}

task<result<>> stops_what_waits(blocking_pool& threads) {
    const environment& env = co_await this_env{};
    std::atomic<int> begun = 0;
    int outcomes = 0;
    task_scope scope{env, [](const error&) { FAIL(); }};
    scope.spawn(counts_until_it_is_interrupted(threads, begun, outcomes));
    scope.request_stop();
    co_await scope.join();
    EXPECT_EQ(threads.queued(), 0U);
    EXPECT_EQ(begun, 0);
    EXPECT_EQ(outcomes, 1);
    co_return {};
}

TEST_F(a_full_blocking_pool, forgets_interruptible_work_that_is_stopped_before_it_began) {
    engine_world world{"epoll", 16};
    add(1);
    ASSERT_TRUE(have_begun(1));
    world.run(stops_what_waits(pool_));
    go_.release(1);
}

TEST_F(a_full_blocking_pool, forgets_interruptible_work_whose_task_is_destroyed_before_it_began) {
    engine_world world{"epoll", 16};
    add(1);
    ASSERT_TRUE(have_begun(1));
    world.run(destroys_what_waits(pool_));
    go_.release(1);
}

}  // namespace
}  // namespace weir::inline v0::io
