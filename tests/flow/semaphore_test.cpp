// One contract, two semaphores: each of these runs on both, on one loop.
#include "weir/flow/semaphore.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/flow/shared_semaphore.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "support/allocations.hpp"
#include "task/driver.hpp"

namespace weir::inline v0::flow {
namespace {

using namespace std::chrono_literals;

// What became of each that asked, in order.
struct record {
    std::vector<int> granted;
    std::vector<errc> refused;
};

struct visit {
    int id;
    std::size_t permits;
    duration length;
};

template <class Semaphore>
task<> holds(Semaphore& from, record& seen, visit as) {
    auto permit = co_await from.acquire(as.permits);
    if (!permit) {
        seen.refused.push_back(permit.error().code());
        co_return;
    }
    EXPECT_EQ(permit->count(), as.permits);
    seen.granted.push_back(as.id);
    (void)co_await sleep(as.length);
}

template <class Semaphore>
class semaphores : public testing::Test {};

using both = testing::Types<semaphore, shared_semaphore>;
TYPED_TEST_SUITE(semaphores, both);

TYPED_TEST(semaphores, give_back_on_every_way_out_of_a_scope) {
    TypeParam places{2};
    {
        auto one = places.try_acquire();
        auto two = places.try_acquire();
        ASSERT_TRUE(one && two);
        EXPECT_EQ(places.available(), 0U);
        EXPECT_EQ(places.try_acquire().error(), errc::overloaded);
        auto moved = std::move(*one);
        one->release();
        EXPECT_EQ(places.available(), 0U);
        moved.release();
        moved.release();
        EXPECT_EQ(places.available(), 1U);
    }
    EXPECT_EQ(places.available(), 2U);
}

TYPED_TEST(semaphores, grant_in_the_order_of_asking) {
    TypeParam places{2};
    record seen;
    driver driver;
    for (int id = 0; id < 6; ++id) driver.scope().spawn(holds(places, seen, visit{id, 1, 10ms}));
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1}));
    EXPECT_EQ(places.waiting(), 4U);
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(driver.now(), time_point{30ms});
    EXPECT_EQ(places.available(), 2U);
}

TYPED_TEST(semaphores, let_nobody_overtake_who_wants_many) {
    TypeParam places{3};
    record seen;
    driver driver;
    driver.scope().spawn(holds(places, seen, visit{0, 2, 10ms}));
    driver.scope().spawn(holds(places, seen, visit{1, 3, 10ms}));
    driver.scope().spawn(holds(places, seen, visit{2, 1, 10ms}));
    EXPECT_EQ(places.available(), 1U);
    EXPECT_EQ(places.try_acquire().error(), errc::overloaded);
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1, 2}));
    EXPECT_EQ(driver.now(), time_point{30ms});
}

TYPED_TEST(semaphores, let_a_newcomer_not_overtake_who_was_granted_and_has_not_run) {
    TypeParam places{1};
    record seen;
    driver driver;
    auto first = places.try_acquire();
    driver.scope().spawn(holds(places, seen, visit{0, 1, 1ms}));
    first->release();
    driver.scope().spawn(holds(places, seen, visit{1, 1, 1ms}));
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1}));
}

TYPED_TEST(semaphores, refuse_at_once_what_they_never_had) {
    TypeParam places{2};
    record seen;
    driver driver;
    driver.scope().spawn(holds(places, seen, visit{0, 3, 1ms}));
    EXPECT_EQ(seen.refused, (std::vector<errc>{errc::too_large}));
    EXPECT_EQ(places.try_acquire(3).error(), errc::too_large);
}

TYPED_TEST(semaphores, bound_how_many_wait) {
    TypeParam places{1, 2};
    record seen;
    driver driver;
    for (int id = 0; id < 4; ++id) driver.scope().spawn(holds(places, seen, visit{id, 1, 1ms}));
    EXPECT_EQ(places.waiting(), 2U);
    EXPECT_EQ(seen.refused, (std::vector<errc>{errc::overloaded}));
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 1, 2}));
}

TYPED_TEST(semaphores, end_a_wait_with_its_stop_and_take_nothing) {
    TypeParam places{1};
    record seen;
    driver driver;
    auto held = places.try_acquire();
    driver.scope().spawn(holds(places, seen, visit{0, 1, 1ms}));
    driver.stop().request();
    driver.scope().spawn(holds(places, seen, visit{1, 1, 1ms}));
    driver.run();
    EXPECT_EQ(seen.refused, (std::vector<errc>{errc::canceled, errc::canceled}));
    EXPECT_EQ(places.waiting(), 0U);
    held->release();
    EXPECT_EQ(places.available(), 1U);
}

template <class Semaphore>
task<> holds_within(Semaphore& from, record& seen, duration limit) {
    auto permit = co_await with_timeout(limit, from.acquire());
    if (permit) seen.granted.push_back(0);
    if (!permit) seen.refused.push_back(permit.error().code());
}

TYPED_TEST(semaphores, end_a_wait_with_its_deadline_and_serve_the_next) {
    TypeParam places{1};
    record seen;
    driver driver;
    driver.scope().spawn(holds(places, seen, visit{0, 1, 20ms}));
    driver.scope().spawn(holds_within(places, seen, 5ms));
    driver.scope().spawn(holds(places, seen, visit{2, 1, 1ms}));
    driver.run();
    EXPECT_EQ(seen.refused, (std::vector<errc>{errc::timed_out}));
    EXPECT_EQ(seen.granted, (std::vector<int>{0, 2}));
    EXPECT_EQ(driver.now(), time_point{21ms});
}

TYPED_TEST(semaphores, move_up_those_behind_when_the_first_gives_up) {
    TypeParam places{2};
    record seen;
    driver driver;
    auto held = places.try_acquire();
    {
        task_scope impatient{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        impatient.spawn(holds(places, seen, visit{0, 2, 1ms}));
        driver.scope().spawn(holds(places, seen, visit{1, 1, 1ms}));
        EXPECT_EQ(places.waiting(), 2U);
    }
    EXPECT_EQ(places.waiting(), 0U);
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{1}));
}

TYPED_TEST(semaphores, let_a_grant_stand_against_a_later_stop) {
    TypeParam places{1};
    record seen;
    driver driver;
    auto held = places.try_acquire();
    driver.scope().spawn(holds(places, seen, visit{7, 1, 0ms}));
    held->release();
    driver.stop().request();
    driver.run();
    EXPECT_EQ(seen.granted, (std::vector<int>{7}));
    EXPECT_EQ(places.available(), 1U);
}

TYPED_TEST(semaphores, forget_a_waiter_that_is_destroyed) {
    TypeParam places{1};
    record seen;
    driver driver;
    auto held = places.try_acquire();
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(holds(places, seen, visit{0, 1, 1ms}));
        EXPECT_EQ(places.waiting(), 1U);
    }
    EXPECT_EQ(places.waiting(), 0U);
    held->release();
    EXPECT_EQ(places.available(), 1U);
    driver.run();
}

TYPED_TEST(semaphores, take_back_from_who_is_destroyed_between_grant_and_resumption) {
    for (const bool collected : {false, true}) {
        TypeParam places{1};
        record seen;
        driver driver;
        {
            auto held = places.try_acquire();
            task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
            inner.spawn(holds(places, seen, visit{0, 1, 1ms}));
            driver.scope().spawn(holds(places, seen, visit{1, 1, 1ms}));
            held->release();
            EXPECT_EQ(places.available(), 0U);
            EXPECT_EQ(places.waiting(), 1U);
            if (collected) driver.loop().advance(driver.now());
        }
        EXPECT_EQ(places.waiting(), 0U) << "the next was granted what the dead one had";
        driver.run();
        EXPECT_EQ(seen.granted, (std::vector<int>{1}));
        EXPECT_EQ(places.available(), 1U);
    }
}

TYPED_TEST(semaphores, fail_those_who_wait_and_all_who_come_later_once_closed) {
    TypeParam places{1};
    record seen;
    driver driver;
    auto held = places.try_acquire();
    driver.scope().spawn(holds(places, seen, visit{0, 1, 1ms}));
    places.close();
    driver.scope().spawn(holds(places, seen, visit{1, 1, 1ms}));
    driver.run();
    EXPECT_EQ(seen.refused, (std::vector<errc>{errc::closed, errc::closed}));
    held->release();
    EXPECT_EQ(places.try_acquire().error(), errc::closed);
    EXPECT_EQ(places.available(), 1U);
}

TYPED_TEST(semaphores, survive_a_waiter_destroyed_between_close_and_resumption) {
    TypeParam places{1};
    record seen;
    driver driver;
    auto held = places.try_acquire();
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(holds(places, seen, visit{0, 1, 1ms}));
        places.close();
    }
    driver.run();
    EXPECT_TRUE(seen.refused.empty());
}

template <class Semaphore>
task<result<int>> unwraps(Semaphore& from) {
    auto permit = co_await or_return(from.acquire());
    co_return static_cast<int>(permit.count());
}

TYPED_TEST(semaphores, unwrap_with_or_return) {
    TypeParam places{1};
    driver driver;
    EXPECT_EQ(driver.run(unwraps(places)).value(), 1);
    auto held = places.try_acquire();
    std::optional<result<int>> late;
    const auto keep = [](TypeParam& from, std::optional<result<int>>& out) -> task<> {
        out.emplace(co_await unwraps(from));
    };
    driver.scope().spawn(keep(places, late));
    places.close();
    driver.run();
    EXPECT_EQ(late->error(), errc::closed);
    EXPECT_EQ(places.available(), 0U);
}

template <class Semaphore>
task<> cycles(Semaphore& from, int rounds) {
    for (int round = 0; round < rounds; ++round) {
        auto permit = co_await from.acquire();
        EXPECT_TRUE(permit.has_value());
        co_await yield();
    }
}

TYPED_TEST(semaphores, allocate_nothing_per_acquire_waiting_or_not) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has the heap";
    TypeParam places{1};
    driver driver;
    for (int id = 0; id < 3; ++id) driver.scope().spawn(cycles(places, 10));
    EXPECT_EQ(places.waiting(), 2U);
    const auto before = heap::requests();
    driver.run();
    EXPECT_EQ(heap::requests() - before, 0U);
    ::operator delete(::operator new(1));  // the counter counts; a new-expression may be left out
    EXPECT_GT(heap::requests(), before);
}

}  // namespace
}  // namespace weir::inline v0::flow
