#include "weir/flow/event.hpp"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"

#include "support/allocations.hpp"
#include "task/driver.hpp"

namespace weir::inline v0::flow {
namespace {

task<> notes_arrival(event& of, std::vector<int>& order, int id) {
    if (auto came = co_await of.wait()) order.push_back(id);
}

TEST(event, lets_all_who_wait_go_on_in_the_order_they_came) {
    event event;
    std::vector<int> order;
    driver driver;
    for (int id = 0; id < 3; ++id) driver.scope().spawn(notes_arrival(event, order, id));
    driver.run();
    EXPECT_TRUE(order.empty());
    event.set();
    driver.run();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(event, wakes_each_waiter_on_its_own_loop) {
    event event;
    std::vector<int> order;
    driver here, there;
    here.scope().spawn(notes_arrival(event, order, 0));
    there.scope().spawn(notes_arrival(event, order, 1));
    event.set();
    there.run();
    EXPECT_EQ(order, (std::vector<int>{1}));
    here.run();
    EXPECT_EQ(order, (std::vector<int>{1, 0}));
}

TEST(event, stays_set_until_it_is_reset) {
    event event;
    std::vector<int> order;
    driver driver;
    event.set();
    event.set();
    driver.scope().spawn(notes_arrival(event, order, 0));
    EXPECT_EQ(order, (std::vector<int>{0})) << "it does not wait";
    event.reset();
    EXPECT_FALSE(event.is_set());
    driver.scope().spawn(notes_arrival(event, order, 1));
    driver.run();
    EXPECT_EQ(order, (std::vector<int>{0}));
    event.set();
    driver.run();
    EXPECT_EQ(order, (std::vector<int>{0, 1}));
}

TEST(event, lets_whom_it_woke_go_on_although_it_was_reset_meanwhile) {
    event event;
    std::vector<int> order;
    driver driver;
    driver.scope().spawn(notes_arrival(event, order, 0));
    event.set();
    event.reset();
    driver.scope().spawn(notes_arrival(event, order, 1));
    driver.run();
    EXPECT_EQ(order, (std::vector<int>{0}));
    event.set();
    driver.run();
}

task<> destroys_what_it_waited_for(std::optional<event>& of) {
    (void)co_await of->wait();
    of.reset();
}

TEST(event, may_be_destroyed_by_whom_it_woke) {
    std::optional<event> event{std::in_place};
    driver driver;
    driver.scope().spawn(destroys_what_it_waited_for(event));
    event->set();
    driver.run();
    EXPECT_FALSE(event.has_value());
}

task<result<int>> unwraps_arrival(event& of) {
    co_await or_return(of.wait());
    co_return 1;
}

TEST(event, unwraps_with_or_return) {
    event event;
    driver driver;
    event.set();
    EXPECT_EQ(driver.run(unwraps_arrival(event)).value(), 1);
    driver.stop().request();
    EXPECT_EQ(driver.run(unwraps_arrival(event)).error(), errc::canceled);
}

TEST(event, allocates_nothing_to_wait_and_to_wake) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has the heap";
    event event;
    std::vector<int> order;
    order.reserve(2);
    driver driver;
    driver.scope().spawn(notes_arrival(event, order, 0));
    event.set();
    driver.run();  // its frame's memory is the pool's now
    event.reset();
    const auto before = heap::requests();
    driver.scope().spawn(notes_arrival(event, order, 1));
    event.set();
    driver.run();
    EXPECT_EQ(heap::requests(), before);
    EXPECT_EQ(order, (std::vector<int>{0, 1}));
}

}  // namespace
}  // namespace weir::inline v0::flow
