#include "weir/pool/pool.hpp"

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "pool/workshop.hpp"
#include "support/allocations.hpp"
#include "task/driver.hpp"

namespace weir::inline v0::pool {
namespace {

using namespace std::chrono_literals;

using things = pool<thing>;
using thing_lease = lease<thing>;

// No timer but those of the test, so that its clock goes from one to the next.
constexpr duration forever = duration::max();

std::unique_ptr<manager<thing>> manage(workshop& shop) {
    return std::make_unique<thing_manager>(shop);
}

task<result<thing_lease>> takes(things& from) { co_return co_await from.acquire(); }

// What became of each that asked, in order.
struct record {
    std::vector<int> granted;
    std::vector<errc> refused;
};

task<> holds(things& from, record& seen, int id, duration length) {
    auto got = co_await from.acquire();
    if (!got) {
        seen.refused.push_back(got.error().code());
        co_return;
    }
    seen.granted.push_back(id);
    (void)co_await sleep(length);
}

TEST(pool, lends_what_came_back_before_it_makes_another) {
    workshop shop;
    things pool{manage(shop)};
    driver driver;
    {
        auto first = driver.run(takes(pool));
        auto second = driver.run(takes(pool));
        ASSERT_TRUE(first && second);
        EXPECT_NE((*first)->id, (**second).id);
        EXPECT_EQ(pool.counts().in_use, 2U);
        EXPECT_EQ(pool.counts().idle, 0U);
    }
    EXPECT_EQ(pool.counts().idle, 2U);
    auto again = driver.run(takes(pool));
    EXPECT_EQ(shop.made, 2);
    EXPECT_EQ(pool.counts().in_use, 1U);
    EXPECT_EQ(pool.counts().created, 2U);
}

TEST(pool, never_makes_more_than_max_size_and_serves_in_the_order_of_asking) {
    workshop shop;
    record seen;
    things pool{manage(shop), options{.max_size = 2, .acquire_timeout = forever}};
    driver driver;
    for (int id = 0; id < 6; ++id) driver.scope().spawn(holds(pool, seen, id, 10ms));
    EXPECT_EQ(pool.counts().waiting, 4U);
    EXPECT_EQ(pool.counts().size(), 2U);
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(driver.now(), time_point{30ms});
    EXPECT_EQ(shop.made, 2);
    EXPECT_EQ(shop.most_alive, 2);
}

TEST(pool, lets_a_newcomer_not_overtake_a_waiter) {
    workshop shop;
    record seen;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    auto held = driver.run(takes(pool));
    driver.scope().spawn(holds(pool, seen, 0, 1ms));
    held->release();
    driver.scope().spawn(holds(pool, seen, 1, 1ms));
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1}));
}

TEST(pool, counts_what_is_being_made_as_there) {
    workshop shop;
    shop.creation_time = 10ms;
    record seen;
    things pool{manage(shop), options{.max_size = 2, .acquire_timeout = forever}};
    driver driver;
    for (int id = 0; id < 3; ++id) driver.scope().spawn(holds(pool, seen, id, 5ms));
    EXPECT_EQ(pool.counts().creating, 2U);
    EXPECT_EQ(pool.counts().waiting, 1U);
    driver.run();
    EXPECT_EQ(shop.made, 2);
    EXPECT_EQ(driver.now(), time_point{20ms});
}

TEST(pool, ends_a_wait_at_acquire_timeout_and_leaks_nothing) {
    workshop shop;
    record seen;
    things pool{manage(shop), options{.max_size = 1, .acquire_timeout = 20ms}};
    driver driver;
    auto held = driver.run(takes(pool));
    driver.scope().spawn(holds(pool, seen, 0, 1ms));
    driver.run();
    EXPECT_EQ(seen.refused, (std::vector<errc>{errc::timed_out}));
    EXPECT_EQ(driver.now(), time_point{20ms});
    EXPECT_EQ(pool.counts().waiting, 0U);
    held->release();
    EXPECT_EQ(pool.counts().idle, 1U);
    EXPECT_TRUE(driver.run(takes(pool)).has_value());
}

TEST(pool, ends_a_slow_creation_at_acquire_timeout_and_frees_its_place) {
    workshop shop;
    shop.creation_time = 1h;
    things pool{manage(shop), options{.max_size = 1, .acquire_timeout = 20ms}};
    driver driver;
    EXPECT_EQ(driver.run(takes(pool)).error(), errc::timed_out);
    EXPECT_EQ(pool.counts().creation_failures, 1U);
    EXPECT_EQ(pool.counts().size(), 0U);
    shop.creation_time = 0ms;
    EXPECT_TRUE(driver.run(takes(pool)).has_value());
}

task<result<thing_lease>> takes_within(things& from, duration limit) {
    co_return co_await with_timeout(limit, from.acquire());
}

TEST(pool, honours_a_nearer_deadline_of_its_task) {
    workshop shop;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    auto held = driver.run(takes(pool));
    EXPECT_EQ(driver.run(takes_within(pool, 3ms)).error(), errc::timed_out);
    EXPECT_EQ(driver.now(), time_point{3ms});
    EXPECT_EQ(driver.loop().next_expiry(), never);
}

TEST(pool, ends_every_wait_with_a_stop) {
    workshop shop;
    shop.creation_time = 10ms;
    record seen;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    driver.scope().spawn(holds(pool, seen, 0, 1ms));
    driver.scope().spawn(holds(pool, seen, 1, 1ms));
    driver.stop().request();
    driver.scope().spawn(holds(pool, seen, 2, 1ms));
    driver.run();
    EXPECT_EQ(seen.refused, (std::vector<errc>(3, errc::canceled)));
    EXPECT_EQ(pool.counts().size(), 0U);
    EXPECT_EQ(pool.counts().waiting, 0U);
}

TEST(pool, refuses_at_once_beyond_max_waiters) {
    workshop shop;
    record seen;
    things pool{manage(shop), options{.max_size = 1, .max_waiters = 1}};
    driver driver;
    for (int id = 0; id < 3; ++id) driver.scope().spawn(holds(pool, seen, id, 1ms));
    EXPECT_EQ(seen.refused, (std::vector<errc>{errc::overloaded}));
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1}));
}

TEST(pool, gives_a_creation_error_to_who_asked_and_lets_the_next_try) {
    workshop shop;
    shop.creation_time = 1ms;
    shop.creation_error = errc::unavailable;
    record seen;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    driver.scope().spawn(holds(pool, seen, 0, 1ms));
    driver.scope().spawn(holds(pool, seen, 1, 1ms));
    driver.run();
    EXPECT_EQ(seen.refused, (std::vector<errc>(2, errc::unavailable)));
    EXPECT_EQ(pool.counts().creation_failures, 2U);
    shop.creation_error = errc{};
    EXPECT_TRUE(driver.run(takes(pool)).has_value());
}

TEST(pool, rethrows_what_creation_threw_and_frees_its_place) {
    workshop shop;
    shop.throws = true;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    const auto catches = [](things& from) -> task<bool> {
        try {
            auto got = co_await from.acquire();
        } catch (const std::runtime_error&) {
            co_return true;
        }
        co_return false;
    };
    EXPECT_TRUE(driver.run(catches(pool)));
    EXPECT_EQ(pool.counts().size(), 0U);
    shop.throws = false;
    EXPECT_TRUE(driver.run(takes(pool)).has_value());
}

TEST(pool, destroys_what_was_discarded_and_makes_a_new_one) {
    workshop shop;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    {
        auto got = driver.run(takes(pool));
        (*got).discard(errc::outcome_unknown);
        (*got).discard(errc::reset);
        EXPECT_EQ((*got)->id, 1) << "it may be used on";
    }
    EXPECT_EQ(shop.ends, (std::vector<errc>{errc::outcome_unknown}));
    EXPECT_EQ(shop.alive, 0);
    EXPECT_EQ(pool.counts().discarded, 1U);
    EXPECT_EQ((*driver.run(takes(pool)))->id, 2);
    EXPECT_EQ(pool.counts().idle, 1U) << "a verdict is about one resource, not about its place";
}

TEST(pool, destroys_what_cannot_be_recycled) {
    workshop shop;
    shop.recycle_fails = true;
    things pool{manage(shop)};
    driver driver;
    EXPECT_TRUE(driver.run(takes(pool)).has_value());
    EXPECT_EQ(shop.ends, (std::vector<errc>{errc::conflict}));
    EXPECT_EQ(pool.counts().idle, 0U);
}

TEST(pool, never_lends_what_went_bad_while_it_was_idle) {
    workshop shop;
    things pool{manage(shop), options{.max_size = 2}};
    driver driver;
    {
        auto one = driver.run(takes(pool));
        auto two = driver.run(takes(pool));
    }
    shop.check_fails = true;
    auto fresh = driver.run(takes(pool));
    EXPECT_EQ((*fresh)->id, 3);
    EXPECT_EQ(shop.ends, (std::vector<errc>{errc::reset, errc::reset}));
    EXPECT_EQ(pool.counts().size(), 1U);
}

TEST(pool, passes_the_turn_of_a_waiter_that_is_destroyed_to_the_next) {
    for (const bool granted : {false, true}) {
        workshop shop;
        record seen;
        things pool{manage(shop), options{.max_size = 1}};
        driver driver;
        auto held = driver.run(takes(pool));
        {
            task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
            inner.spawn(holds(pool, seen, 0, 1ms));
            driver.scope().spawn(holds(pool, seen, 1, 1ms));
            if (granted) held->release();
        }
        if (!granted) held->release();
        driver.run();
        EXPECT_EQ(seen.granted, (std::vector<int>{1}));
        EXPECT_EQ(pool.counts().idle, 1U);
        EXPECT_EQ(driver.loop().next_expiry(), never) << "its timer went with it";
    }
}

TEST(pool, gives_up_a_creation_whose_waiter_is_destroyed) {
    workshop shop;
    shop.creation_time = 10ms;
    record seen;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(holds(pool, seen, 0, 1ms));
        driver.scope().spawn(holds(pool, seen, 1, 1ms));
    }
    EXPECT_EQ(pool.counts().creation_failures, 1U);
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{1}));
}

TEST(pool, takes_back_a_lease_whose_task_is_destroyed) {
    workshop shop;
    record seen;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(holds(pool, seen, 0, 1h));
        EXPECT_EQ(pool.counts().in_use, 1U);
    }
    EXPECT_EQ(pool.counts().idle, 1U);
}

TEST(pool, refuses_once_closed_and_destroys_what_is_idle_now_and_what_is_out_later) {
    workshop shop;
    record seen;
    things pool{manage(shop), options{.max_size = 2}};
    driver driver;
    auto out = driver.run(takes(pool));
    {
        auto idle = driver.run(takes(pool));
        driver.scope().spawn(holds(pool, seen, 0, 1ms));
    }
    driver.run();
    auto second = driver.run(takes(pool));
    driver.scope().spawn(holds(pool, seen, 1, 1ms));
    second->release();
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1}));
    pool.close();
    EXPECT_EQ(shop.alive, 1);
    EXPECT_EQ(driver.run(takes(pool)).error(), errc::closed);
    out->release();
    EXPECT_EQ(shop.alive, 0);
    EXPECT_EQ(shop.ends, (std::vector<errc>(2, errc::closed)));
}

TEST(pool, refuses_those_who_wait_when_it_closes) {
    workshop shop;
    record seen;
    things pool{manage(shop), options{.max_size = 1}};
    driver driver;
    auto out = driver.run(takes(pool));
    driver.scope().spawn(holds(pool, seen, 0, 1ms));
    pool.close();
    driver.run();
    EXPECT_EQ(seen.refused, (std::vector<errc>{errc::closed}));
}

task<result<int>> unwraps(things& from) {
    auto got = co_await or_return(from.acquire());
    co_return got->id;
}

TEST(pool, unwraps_with_or_return_on_every_path) {
    workshop shop;
    things pool{manage(shop), options{.max_size = 1, .acquire_timeout = 5ms}};
    driver driver;
    EXPECT_EQ(driver.run(unwraps(pool)).value(), 1);
    EXPECT_EQ(driver.run(unwraps(pool)).value(), 1);
    {
        auto held = driver.run(takes(pool));
        EXPECT_EQ(driver.run(unwraps(pool)).error(), errc::timed_out);
        (*held).discard(errc::reset);
    }
    shop.creation_time = 1ms;
    shop.creation_error = errc::unavailable;
    EXPECT_EQ(driver.run(unwraps(pool)).error(), errc::unavailable);
    shop.creation_error = errc{};
    EXPECT_EQ(driver.run(unwraps(pool)).value(), 2);
    pool.close();
    EXPECT_EQ(driver.run(unwraps(pool)).error(), errc::closed);
}

TEST(pool, counts_slow_acquires) {
    workshop shop;
    record seen;
    things pool{manage(shop),
                options{.max_size = 1, .acquire_timeout = forever, .slow_acquire = 10ms}};
    driver driver;
    driver.scope().spawn(holds(pool, seen, 0, 9ms));
    driver.scope().spawn(holds(pool, seen, 1, 1ms));
    driver.run();
    EXPECT_EQ(pool.counts().slow_acquires, 0U);
    driver.scope().spawn(holds(pool, seen, 2, 10ms));
    driver.scope().spawn(holds(pool, seen, 3, 1ms));
    driver.run();
    EXPECT_EQ(pool.counts().slow_acquires, 1U);
}

TEST(pool, counts_a_slow_acquire_that_failed) {
    workshop shop;
    things pool{manage(shop),
                options{.max_size = 1, .acquire_timeout = 10ms, .slow_acquire = 10ms}};
    driver driver;
    auto held = driver.run(takes(pool));
    EXPECT_FALSE(driver.run(takes(pool)).has_value());
    EXPECT_FALSE(driver.run(unwraps(pool)).has_value());
    EXPECT_EQ(pool.counts().slow_acquires, 2U);
}

TEST(pool, suspects_a_leak_where_a_lease_is_out_for_long) {
    workshop shop;
    things pool{manage(shop), options{.leak_threshold = 15ms}};
    driver driver;
    auto held = driver.run(takes(pool));
    EXPECT_EQ(pool.suspected_leaks(driver.now() + 14ms), 0U);
    EXPECT_EQ(pool.suspected_leaks(driver.now() + 15ms), 1U);
    held->release();
    EXPECT_EQ(pool.suspected_leaks(driver.now() + 1h), 0U);
}

task<> cycles(things& from, int rounds) {
    for (int round = 0; round < rounds; ++round) {
        auto got = co_await from.acquire();
        EXPECT_TRUE(got.has_value());
        co_await yield();
    }
}

TEST(pool, allocates_nothing_in_the_steady_state_waiting_or_not) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has the heap";
    workshop shop;
    things pool{manage(shop), options{.max_size = 2}};
    driver driver;
    for (int id = 0; id < 5; ++id) driver.scope().spawn(cycles(pool, 10));
    EXPECT_EQ(shop.made, 2);
    EXPECT_EQ(pool.counts().waiting, 3U);
    const auto before = heap::requests();
    driver.run();
    EXPECT_EQ(heap::requests() - before, 0U);
    EXPECT_EQ(shop.made, 2);
}

}  // namespace
}  // namespace weir::inline v0::pool
