// What only a shared semaphore does: waiters on several loops, first interleaved by hand, then by
// threads.
#include "weir/flow/shared_semaphore.hpp"

#include <atomic>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "flow/loops.hpp"
#include "task/driver.hpp"

namespace weir::inline v0::flow {
namespace {

using namespace std::chrono_literals;

task<> notes(shared_semaphore& from, std::vector<int>& order, int id) {
    auto permit = co_await from.acquire();
    if (permit) order.push_back(id);
}

TEST(shared_semaphore, grants_across_loops_in_the_order_of_asking) {
    shared_semaphore places{1};
    std::vector<int> order;
    driver here, there;
    auto held = places.try_acquire();
    here.scope().spawn(notes(places, order, 0));
    there.scope().spawn(notes(places, order, 1));
    here.scope().spawn(notes(places, order, 2));
    there.scope().spawn(notes(places, order, 3));
    held->release();
    there.run();
    EXPECT_TRUE(order.empty()) << "it is the turn of the other loop";
    for (int turn = 0; turn < 4; ++turn) {
        here.run();
        there.run();
    }
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TEST(shared_semaphore, resumes_a_waiter_on_its_own_loop_only) {
    shared_semaphore places{1};
    std::vector<int> order;
    driver here, there;
    auto held = places.try_acquire();
    there.scope().spawn(notes(places, order, 0));
    held->release();
    here.run();
    EXPECT_TRUE(order.empty());
    there.run();
    EXPECT_EQ(order, (std::vector<int>{0}));
}

TEST(shared_semaphore, passes_on_what_a_dead_frame_of_another_loop_was_granted) {
    shared_semaphore places{1};
    std::vector<int> order;
    driver here, there;
    auto held = places.try_acquire();
    {
        task_scope dies{environment{there.loop(), there.stop()}, [](const error&) {}};
        dies.spawn(notes(places, order, 0));
        here.scope().spawn(notes(places, order, 1));
        held->release();
    }
    there.run();
    here.run();
    EXPECT_EQ(order, (std::vector<int>{1}));
    EXPECT_EQ(places.available(), 1U);
}

// The rest is for threads: run it under ThreadSanitizer.

constexpr int permits = 3;
constexpr int rounds = 400;

struct arena {
    shared_semaphore places{permits};
    std::atomic<int> taken = 0;
    std::atomic<int> granted = 0;
};

task<> takes(arena& at, int wanted) {
    auto permit = co_await at.places.acquire(static_cast<std::size_t>(wanted));
    if (!permit) co_return;
    EXPECT_LE(at.taken.fetch_add(wanted) + wanted, permits);
    at.granted.fetch_add(1);
    co_await yield();
    at.taken.fetch_sub(wanted);
}

task<> takes_often(arena& at, unsigned seed) {
    std::minstd_rand random{seed};
    for (int round = 0; round < rounds; ++round)
        co_await takes(at, static_cast<int>(random() % 2) + 1);
}

// Its children wait, were granted just now by the other thread, or hold a permit that frees itself
// with them.
class holder_child {
public:
    explicit holder_child(arena& at) : at_{&at} {}
    holder_child(const holder_child&) = delete;
    holder_child& operator=(const holder_child&) = delete;
    ~holder_child() {
        if (inside_) at_->taken.fetch_sub(1);
    }
    void enter() {
        inside_ = true;
        EXPECT_LE(at_->taken.fetch_add(1) + 1, permits);
    }

private:
    arena* at_;
    bool inside_ = false;
};

task<> holds_until_destroyed(arena& at) {
    auto permit = co_await at.places.acquire();
    holder_child child{at};
    if (!permit) co_return;
    child.enter();
    (void)co_await sleep(1h);
}

task<> destroys_often(arena& at, unsigned seed) {
    const environment& env = co_await this_env{};
    std::minstd_rand random{seed};
    for (int round = 0; round < rounds; ++round) {
        task_scope dies{env, [](const error&) { FAIL(); }};
        for (int child = 0; child < 3; ++child) dies.spawn(holds_until_destroyed(at));
        for (auto turns = random() % 3; turns > 0; --turns) co_await yield();
    }
}

task<> stops_often(arena& at, unsigned seed) {
    const environment& env = co_await this_env{};
    std::minstd_rand random{seed};
    for (int round = 0; round < rounds; ++round) {
        task_scope stopped{env, [](const error&) { FAIL(); }};
        for (int child = 0; child < 3; ++child) stopped.spawn(takes(at, 1));
        for (auto turns = random() % 3; turns > 0; --turns) co_await yield();
        stopped.request_stop();
        co_await stopped.join();
    }
}

task<> times_out_often(arena& at) {
    for (int round = 0; round < rounds / 10; ++round) {
        auto permit = co_await with_timeout(1ms, at.places.acquire());
        EXPECT_TRUE(permit || permit.error() == errc::timed_out);
    }
}

TEST(shared_semaphore_threads, never_grants_more_than_it_has_and_gets_all_back) {
    arena at;
    run_on_loops(2, [&](std::size_t loop, task_scope& scope) {
        const auto seed = static_cast<unsigned>(loop) * 10 + 1;
        for (unsigned more = 0; more < 3; ++more) scope.spawn(takes_often(at, seed + more));
        scope.spawn(destroys_often(at, seed));
        scope.spawn(stops_often(at, seed));
        scope.spawn(times_out_often(at));
    });
    EXPECT_EQ(at.taken, 0);
    EXPECT_EQ(at.places.available(), static_cast<std::size_t>(permits));
    EXPECT_EQ(at.places.waiting(), 0U);
    EXPECT_GE(at.granted, 2 * 3 * rounds);
}

task<> destroys_granted_frames(arena& at) {
    const environment& env = co_await this_env{};
    for (int round = 0; round < 20 * rounds; ++round) {
        task_scope dies{env, [](const error&) { FAIL(); }};
        auto all = at.places.try_acquire(permits);
        dies.spawn(holds_until_destroyed(at));
        dies.spawn(holds_until_destroyed(at));
        all->release();
        if (round % 100 == 0) co_await yield();
    }
}

task<> passes_to_and_fro(shared_semaphore& ball, const std::atomic<bool>& ended) {
    while (!ended) {
        auto permit = co_await ball.acquire();
        co_await yield();
    }
}

task<> ends_after(task<> first, std::atomic<bool>& ended) {
    co_await std::move(first);
    ended = true;
}

// Frames that were granted die while another thread posts to the same loop for other reasons.
TEST(shared_semaphore_threads, withdraw_dead_frames_from_a_mailbox_in_use) {
    arena at;
    shared_semaphore ball{1};
    std::atomic<bool> ended = false;
    run_on_loops(2, [&](std::size_t loop, task_scope& scope) {
        scope.spawn(passes_to_and_fro(ball, ended));
        scope.spawn(passes_to_and_fro(ball, ended));
        if (loop == 0) scope.spawn(ends_after(destroys_granted_frames(at), ended));
    });
    EXPECT_EQ(at.places.available(), static_cast<std::size_t>(permits));
}

task<> waits_for_close(shared_semaphore& from, std::atomic<int>& refused) {
    auto permit = co_await from.acquire();
    if (!permit && permit.error() == errc::closed) refused.fetch_add(1);
}

task<> closes_soon(shared_semaphore& from) {
    for (int turn = 0; turn < 3; ++turn) co_await yield();
    from.close();
}

TEST(shared_semaphore_threads, refuses_all_who_wait_on_any_loop_once_closed) {
    for (int round = 0; round < 20; ++round) {
        shared_semaphore places{1};
        std::atomic<int> refused = 0;
        auto held = places.try_acquire();
        run_on_loops(2, [&](std::size_t loop, task_scope& scope) {
            for (int waiter = 0; waiter < 10; ++waiter)
                scope.spawn(waits_for_close(places, refused));
            if (loop == 0) scope.spawn(closes_soon(places));
        });
        EXPECT_EQ(refused, 20);
    }
}

}  // namespace
}  // namespace weir::inline v0::flow
