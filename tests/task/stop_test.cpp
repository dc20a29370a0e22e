#include "weir/task/stop.hpp"

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

struct hook final : stop_hook {
    void on_stop(errc why) noexcept override {
        ++stops;
        reason = why;
    }
    int stops = 0;
    errc reason{};
};

TEST(stop, reaches_everything_below_once_and_keeps_its_reason) {
    stop_node root;
    stop_node middle{root};
    stop_node leaf{middle};
    hook on_root, on_leaf;
    root.add(on_root);
    leaf.add(on_leaf);
    root.request(errc::timed_out);
    root.request(errc::canceled);
    EXPECT_EQ(on_root.stops, 1);
    EXPECT_EQ(on_leaf.stops, 1);
    EXPECT_EQ(leaf.reason(), errc::timed_out);
}

TEST(stop, below_does_not_reach_above) {
    stop_node root;
    stop_node leaf{root};
    hook on_root;
    root.add(on_root);
    leaf.request();
    EXPECT_FALSE(root.requested());
    EXPECT_EQ(on_root.stops, 0);
}

TEST(stop, is_there_from_the_start_below_a_stopped_node) {
    stop_node root;
    root.request();
    const stop_node late{root};
    EXPECT_TRUE(late.requested());
}

TEST(stop, leaves_a_hook_alone_that_died) {
    stop_node root;
    hook before, after;
    root.add(before);
    {
        hook dies;
        root.add(dies);
        root.add(after);
    }
    root.request();
    EXPECT_EQ(before.stops, 1);
    EXPECT_EQ(after.stops, 1);
}

TEST(stop, narrows_deadlines_and_never_widens_them) {
    stop_node root;
    EXPECT_EQ(root.deadline(), never);
    stop_node narrow{root, time_point{1s}};
    const stop_node wide{narrow, time_point{2s}};
    EXPECT_EQ(wide.deadline(), time_point{1s});
}

task<int> sleeps_after_stop(stop_node& stop) {
    stop.request();
    int refused = 0;
    for (int i = 0; i < 3; ++i) {
        auto slept = co_await sleep(1h);
        if (!slept && slept.error() == errc::canceled) ++refused;
    }
    co_return refused;
}

TEST(stop, makes_every_later_wait_return_at_once) {
    driver driver;
    EXPECT_EQ(driver.run(sleeps_after_stop(driver.stop())), 3);
    EXPECT_EQ(driver.now(), time_point{});
}

}  // namespace
}  // namespace weir::inline v0
