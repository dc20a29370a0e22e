#include "weir/flow/gate.hpp"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "task/driver.hpp"

namespace weir::inline v0::flow {
namespace {

using namespace std::chrono_literals;

task<> stays(gate& gate, duration length) {
    auto inside = gate.enter();
    EXPECT_TRUE(inside.has_value());
    (void)co_await sleep(length);
}

task<result<>> closes(gate& gate) { co_return co_await gate.close(); }
task<result<>> closes_within(gate& gate, duration limit) {
    co_return co_await with_timeout(limit, gate.close());
}

TEST(gate, closes_at_once_where_nobody_is_inside) {
    gate gate;
    driver driver;
    EXPECT_TRUE(driver.run(closes(gate)).has_value());
    EXPECT_TRUE(gate.closed());
    EXPECT_EQ(gate.enter().error(), errc::closed);
}

TEST(gate, waits_until_the_last_has_left) {
    gate gate;
    driver driver;
    driver.scope().spawn(stays(gate, 10ms));
    driver.scope().spawn(stays(gate, 30ms));
    EXPECT_EQ(gate.inside(), 2U);
    EXPECT_TRUE(driver.run(closes(gate)).has_value());
    EXPECT_EQ(driver.now(), time_point{30ms});
    EXPECT_EQ(gate.inside(), 0U);
}

TEST(gate, tells_everybody_who_waits_for_it) {
    gate gate;
    driver driver;
    driver.scope().spawn(stays(gate, 10ms));
    driver.scope().spawn(closes(gate));
    EXPECT_TRUE(driver.run(closes(gate)).has_value());
    EXPECT_EQ(driver.scope().size(), 0U);
}

TEST(gate, stays_closed_when_a_deadline_ends_the_wait_and_can_be_waited_for_again) {
    gate gate;
    driver driver;
    auto inside = gate.enter();
    EXPECT_EQ(driver.run(closes_within(gate, 5ms)).error(), errc::timed_out);
    EXPECT_EQ(gate.enter().error(), errc::closed);
    {
        auto leaves = std::move(*inside);
    }
    EXPECT_TRUE(driver.run(closes(gate)).has_value());
}

TEST(gate, closes_although_its_task_is_stopped_already) {
    gate gate;
    driver driver;
    auto inside = gate.enter();
    driver.stop().request();
    EXPECT_EQ(driver.run(closes(gate)).error(), errc::canceled);
    EXPECT_TRUE(gate.closed());
}

TEST(gate, forgets_a_closer_that_is_destroyed) {
    gate gate;
    driver driver;
    {
        auto inside = gate.enter();
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(closes(gate));
    }
    EXPECT_EQ(gate.inside(), 0U);
    driver.run();
}

TEST(gate, survives_a_closer_destroyed_between_its_wake_and_its_resumption) {
    gate gate;
    driver driver;
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        auto inside = gate.enter();
        inner.spawn(closes(gate));
        {
            auto leaves = std::move(*inside);
        }
    }
    driver.run();
}

}  // namespace
}  // namespace weir::inline v0::flow
