// Work on threads, and who destroys it.
#include "weir/io/blocking.hpp"

#include <chrono>
#include <latch>
#include <memory>
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

task<result<>> give_up(blocking_pool& threads, std::shared_ptr<int> owned, std::latch& until) {
    auto work = [owned = std::move(owned), &until]() -> result<> {
        until.wait();
        return {};
    };
    auto working = run_blocking(threads, std::move(work));
    const auto outcome = co_await with_timeout(10ms, std::move(working));
    EXPECT_EQ(outcome.error(), errc::timed_out);
    co_return {};
}

TEST(abandoned_work, is_destroyed_when_it_ends_though_its_loop_turns_no_more) {
    engine_world world{"epoll", 16};
    blocking_pool threads{blocking_options{}};
    std::latch until{1};
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> alive = owned;
    world.run(give_up(threads, std::move(owned), until));
    EXPECT_FALSE(alive.expired());
    until.count_down();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!alive.expired() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_TRUE(alive.expired());
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
    // A pool that ends leaves its work to itself, and this work uses what ends with the test.
    void TearDown() override {
        const auto end = std::chrono::steady_clock::now() + deadline;
        while (pool_.busy() + pool_.queued() > 0) {
            ASSERT_LT(std::chrono::steady_clock::now(), end);
            std::this_thread::yield();
        }
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
    blocking_pool pool_{threads(4)};
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

}  // namespace
}  // namespace weir::inline v0::io
