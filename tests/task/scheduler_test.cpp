#include "weir/task/scheduler.hpp"

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

struct item final : runnable {
    explicit item(std::function<void()> what) : action{std::move(what)} {}
    void run() noexcept override { action(); }
    std::function<void()> action;
};

TEST(scheduler, runs_in_order_and_leaves_what_is_scheduled_meanwhile_for_the_next_turn) {
    scheduler scheduler;
    std::vector<int> log;
    item third{[&] { log.push_back(3); }};
    item first{[&] {
        log.push_back(1);
        scheduler.schedule(third);
    }};
    item second{[&] { log.push_back(2); }};
    scheduler.schedule(first);
    scheduler.schedule(second);
    scheduler.run_ready();
    EXPECT_EQ(log, (std::vector<int>{1, 2}));
    scheduler.run_ready();
    EXPECT_EQ(log, (std::vector<int>{1, 2, 3}));
}

TEST(scheduler, ends_a_turn_with_what_was_to_come_last) {
    scheduler scheduler;
    std::vector<int> log;
    item last{[&] { log.push_back(2); }};
    item first{[&] { log.push_back(1); }};
    scheduler.at_turn_end(last);
    scheduler.schedule(first);
    scheduler.run_ready();
    scheduler.end_turn();
    EXPECT_EQ(log, (std::vector<int>{1, 2}));
    scheduler.end_turn();
    EXPECT_EQ(log.size(), 2U);
}

TEST(scheduler, did_several_once_a_turn_has_had_them) {
    scheduler scheduler;
    for (int at = 0; at < 4; ++at) {
        EXPECT_FALSE(scheduler.did_several());
        scheduler.did_at_once();
    }
    EXPECT_TRUE(scheduler.did_several());
    scheduler.advance(scheduler.now());
    EXPECT_FALSE(scheduler.did_several());
}

TEST(scheduler, forgets_an_item_that_dies_in_the_queue) {
    scheduler scheduler;
    {
        item dies{[] { FAIL(); }};
        scheduler.schedule(dies);
    }
    scheduler.run_ready();
}

TEST(scheduler, does_not_sleep_when_something_was_posted) {
    scheduler scheduler;
    int ran = 0;
    item posted{[&] { ++ran; }};
    scheduler.post(posted);
    EXPECT_FALSE(scheduler.prepare_sleep());
    scheduler.advance(scheduler.now());
    scheduler.run_ready();
    EXPECT_EQ(ran, 1);
    EXPECT_TRUE(scheduler.prepare_sleep());
}

class count_waker final : public waker {
public:
    void wake() noexcept override { ++wakes; }
    std::atomic<int> wakes = 0;
};

TEST(scheduler, wakes_a_sleeping_loop_once_and_a_busy_one_never) {
    scheduler scheduler;
    count_waker waker;
    scheduler.set_waker(&waker);
    item one{[] {}}, two{[] {}}, three{[] {}};
    scheduler.post(one);
    EXPECT_EQ(waker.wakes, 0);
    scheduler.advance(scheduler.now());
    ASSERT_TRUE(scheduler.prepare_sleep());
    scheduler.post(two);
    scheduler.post(three);
    EXPECT_EQ(waker.wakes, 1);
    scheduler.advance(scheduler.now());
    scheduler.run_ready();
}

TEST(scheduler, tells_one_quiet_poster_that_it_owes_a_sleeping_loop_its_waking) {
    scheduler scheduler;
    count_waker waker;
    scheduler.set_waker(&waker);
    int ran = 0;
    item one{[&] { ++ran; }}, two{[&] { ++ran; }}, three{[&] { ++ran; }};
    EXPECT_FALSE(scheduler.post_quietly(one));
    scheduler.advance(scheduler.now());
    ASSERT_TRUE(scheduler.prepare_sleep());
    EXPECT_TRUE(scheduler.post_quietly(two));
    EXPECT_FALSE(scheduler.post_quietly(three));
    EXPECT_EQ(waker.wakes, 0);
    scheduler.wake();
    EXPECT_EQ(waker.wakes, 1);
    scheduler.end_sleep();
    scheduler.advance(scheduler.now());
    scheduler.run_ready();
    EXPECT_EQ(ran, 3);
}

TEST(scheduler, withdraws_what_was_posted) {
    scheduler scheduler;
    item posted{[] { FAIL(); }};
    scheduler.post(posted);
    scheduler.withdraw(posted);
    scheduler.advance(scheduler.now());
    scheduler.run_ready();
}

TEST(scheduler, takes_posts_from_many_threads) {
    scheduler scheduler;
    count_waker waker;
    scheduler.set_waker(&waker);
    constexpr int threads = 4, posts = 2'000;
    int ran = 0;
    std::vector<std::unique_ptr<item>> items;
    for (int i = 0; i < threads * posts; ++i)
        items.push_back(std::make_unique<item>([&] { ++ran; }));
    std::vector<std::jthread> posters;
    for (int thread = 0; thread < threads; ++thread) {
        posters.emplace_back([&, thread] {
            for (int i = 0; i < posts; ++i)
                scheduler.post(*items[static_cast<std::size_t>(thread * posts + i)]);
        });
    }
    while (ran < threads * posts) {
        if (scheduler.prepare_sleep()) scheduler.end_sleep();
        scheduler.advance(scheduler.now());
        scheduler.run_ready();
    }
    EXPECT_EQ(ran, threads * posts);
}

}  // namespace
}  // namespace weir::inline v0
