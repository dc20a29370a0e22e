// One pool, several loops on threads of their own: run it under ThreadSanitizer.
#include <atomic>
#include <random>

#include <gtest/gtest.h>

#include "weir/pool/pool.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "flow/loops.hpp"
#include "pool/workshop.hpp"

namespace weir::inline v0::pool {
namespace {

using namespace std::chrono_literals;

using things = pool<thing>;

constexpr int rounds = 300;

// One thing has one user at a time, whichever loop that is on.
class use {
public:
    explicit use(thing& of) : of_{&of} { EXPECT_EQ(of.users.fetch_add(1), 0); }
    use(const use&) = delete;
    use& operator=(const use&) = delete;
    ~use() { of_->users.fetch_sub(1); }

private:
    thing* of_;
};

task<> uses_one(things& from, bool spoil) {
    auto got = co_await from.acquire();
    if (!got) co_return;
    const use alone{**got};
    if (spoil) got->discard(errc::reset);
    co_await yield();
}

task<> uses_often(things& from, unsigned seed) {
    std::minstd_rand random{seed};
    for (int round = 0; round < rounds; ++round) co_await uses_one(from, random() % 8 == 0);
}

task<> destroys_often(things& from, unsigned seed) {
    const environment& env = co_await this_env{};
    std::minstd_rand random{seed};
    for (int round = 0; round < rounds; ++round) {
        task_scope dies{env, [](const error&) { FAIL(); }};
        for (int child = 0; child < 3; ++child) dies.spawn(uses_one(from, false));
        for (auto turns = random() % 3; turns > 0; --turns) co_await yield();
    }
}

task<> stops_often(things& from, unsigned seed) {
    const environment& env = co_await this_env{};
    std::minstd_rand random{seed};
    for (int round = 0; round < rounds; ++round) {
        task_scope stopped{env, [](const error&) { FAIL(); }};
        for (int child = 0; child < 3; ++child) stopped.spawn(uses_one(from, false));
        for (auto turns = random() % 3; turns > 0; --turns) co_await yield();
        stopped.request_stop();
        co_await stopped.join();
    }
}

task<> times_out_often(things& from) {
    for (int round = 0; round < rounds / 10; ++round) {
        auto got = co_await with_timeout(1ms, from.acquire());
        EXPECT_TRUE(got || got.error() == errc::timed_out);
    }
}

task<> reads_counts(things& of, std::size_t limit) {
    for (int round = 0; round < rounds; ++round) {
        EXPECT_LE(of.counts().size(), limit);
        co_await yield();
    }
}

TEST(pool_threads, lend_each_thing_to_one_user_and_get_all_back) {
    workshop shop;
    things pool{std::make_unique<thing_manager>(shop), options{.max_size = 3}};
    run_on_loops(2, [&](std::size_t loop, task_scope& scope) {
        const auto seed = static_cast<unsigned>(loop) * 10 + 1;
        for (unsigned more = 0; more < 3; ++more) scope.spawn(uses_often(pool, seed + more));
        scope.spawn(destroys_often(pool, seed));
        scope.spawn(stops_often(pool, seed));
        scope.spawn(times_out_often(pool));
        scope.spawn(reads_counts(pool, 3));
    });
    const stats after = pool.counts();
    EXPECT_EQ(after.in_use, 0U);
    EXPECT_EQ(after.creating, 0U);
    EXPECT_EQ(after.waiting, 0U);
    EXPECT_EQ(static_cast<int>(after.idle), shop.alive);
    EXPECT_LE(shop.most_alive, 3);
    EXPECT_EQ(after.created, static_cast<std::uint64_t>(shop.made));
    EXPECT_EQ(after.discarded, shop.ends.size());
}

task<> closes_soon(things& pool) {
    for (int turn = 0; turn < 5; ++turn) co_await yield();
    pool.close();
}

task<> uses_until_closed(things& from) {
    for (;;) {
        auto got = co_await from.acquire();
        if (!got) {
            EXPECT_EQ(got.error(), errc::closed);
            co_return;
        }
        co_await yield();
    }
}

TEST(pool_threads, close_while_both_loops_use_it) {
    for (int round = 0; round < 20; ++round) {
        workshop shop;
        {
            things pool{std::make_unique<thing_manager>(shop), options{.max_size = 2}};
            run_on_loops(2, [&](std::size_t loop, task_scope& scope) {
                for (int user = 0; user < 4; ++user) scope.spawn(uses_until_closed(pool));
                if (loop == 0) scope.spawn(closes_soon(pool));
            });
            EXPECT_EQ(pool.counts().size(), 0U);
        }
        EXPECT_EQ(shop.alive, 0);
    }
}

}  // namespace
}  // namespace weir::inline v0::pool
