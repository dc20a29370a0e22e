#include "weir/flow/channel.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "support/allocations.hpp"
#include "task/driver.hpp"

namespace weir::inline v0::flow {
namespace {

using namespace std::chrono_literals;

task<result<>> sends(channel<int>& to, int first, int last) {
    for (int item = first; item < last; ++item) {
        auto permit = co_await or_return(to.reserve());
        std::move(permit).send(item);
    }
    co_return result<>{};
}

task<> receives_all(channel<int>& from, std::vector<int>& items, errc& end) {
    for (;;) {
        auto item = co_await from.receive();
        if (!item) {
            end = item.error().code();
            co_return;
        }
        items.push_back(*item);
    }
}

TEST(channel, delivers_in_order_and_makes_a_fast_sender_wait) {
    channel<int> channel{2};
    std::vector<int> items;
    errc end{};
    driver driver;
    driver.scope().spawn(sends(channel, 0, 10));
    driver.run();
    EXPECT_EQ(channel.size(), 2U);
    driver.scope().spawn(receives_all(channel, items, end));
    driver.run();
    EXPECT_EQ(items, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(end, errc{});
    channel.close();
    driver.run();
    EXPECT_EQ(end, errc::end_of_stream);
}

TEST(channel, lets_receivers_drain_what_was_sent_before_it_closed) {
    channel<int> channel{3};
    std::vector<int> items;
    errc end{};
    driver driver;
    (void)driver.run(sends(channel, 0, 3));
    channel.close();
    EXPECT_EQ(channel.try_reserve().error(), errc::closed);
    driver.run(receives_all(channel, items, end));
    EXPECT_EQ(items, (std::vector<int>{0, 1, 2}));
    EXPECT_EQ(end, errc::end_of_stream);
}

TEST(channel, lets_a_permit_send_after_it_closed_and_ends_only_then) {
    channel<int> channel{2};
    std::vector<int> items;
    errc end{};
    driver driver;
    {
        auto used = channel.try_reserve();
        auto unused = channel.try_reserve();
        driver.scope().spawn(receives_all(channel, items, end));
        channel.close();
        driver.run();
        EXPECT_EQ(end, errc{});
        std::move(*used).send(5);
        driver.run();
        EXPECT_EQ(items, (std::vector<int>{5}));
        EXPECT_EQ(end, errc{}) << "a permit is out still";
    }
    driver.run();
    EXPECT_EQ(end, errc::end_of_stream);
}

TEST(channel, fails_senders_that_wait_when_it_closes) {
    channel<int> channel{1};
    driver driver;
    std::optional<result<>> outcome;
    const auto keep = [](flow::channel<int>& to, std::optional<result<>>& out) -> task<> {
        out.emplace(co_await sends(to, 0, 2));
    };
    driver.scope().spawn(keep(channel, outcome));
    EXPECT_EQ(channel.size(), 1U);
    channel.close();
    driver.run();
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->error(), errc::closed);
}

TEST(channel, serves_senders_and_receivers_in_the_order_in_which_they_came) {
    channel<int> channel{1};
    std::vector<std::pair<int, int>> got;
    const auto receive_one = [](flow::channel<int>& from, std::vector<std::pair<int, int>>& to,
                                int id) -> task<> {
        auto item = co_await from.receive();
        if (item) to.emplace_back(id, *item);
    };
    driver driver;
    for (int id = 0; id < 3; ++id) driver.scope().spawn(receive_one(channel, got, id));
    for (int item = 0; item < 3; ++item) driver.scope().spawn(sends(channel, item, item + 1));
    driver.run();
    EXPECT_EQ(got, (std::vector<std::pair<int, int>>{{0, 0}, {1, 1}, {2, 2}}));
}

TEST(channel, gives_back_the_place_of_a_permit_that_is_dropped) {
    channel<int> channel{1};
    driver driver;
    {
        auto permit = channel.try_reserve();
        EXPECT_EQ(channel.try_reserve().error(), errc::overloaded);
    }
    EXPECT_TRUE(channel.try_reserve().has_value());
    EXPECT_FALSE(channel.try_receive().has_value());
}

task<> receive_within(channel<int>& from, duration limit, errc& outcome) {
    auto item = co_await with_timeout(limit, from.receive());
    outcome = item ? errc{} : item.error().code();
}

TEST(channel, ends_a_wait_with_its_deadline_and_loses_no_item) {
    channel<int> channel{1};
    errc outcome{};
    driver driver;
    driver.run(receive_within(channel, 5ms, outcome));
    EXPECT_EQ(outcome, errc::timed_out);
    (void)driver.run(sends(channel, 4, 5));
    EXPECT_EQ(channel.try_receive(), std::optional<int>{4});
}

task<> receives_one(channel<int>& from, std::vector<int>& items) {
    auto item = co_await from.receive();
    if (item) items.push_back(*item);
}

TEST(channel, leaves_the_item_of_a_receiver_that_died_before_it_resumed_to_the_next) {
    channel<int> channel{1};
    std::vector<int> dead, alive;
    driver driver;
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(receives_one(channel, dead));
        driver.scope().spawn(receives_one(channel, alive));
        (*channel.try_reserve()).send(3);
    }
    driver.run();
    EXPECT_TRUE(dead.empty());
    EXPECT_EQ(alive, (std::vector<int>{3}));
}

TEST(channel, takes_back_the_place_of_a_sender_that_died_before_it_resumed) {
    channel<int> channel{1};
    driver driver;
    (void)driver.run(sends(channel, 0, 1));
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(sends(channel, 1, 2));
        EXPECT_TRUE(channel.try_receive().has_value());
        EXPECT_EQ(channel.try_reserve().error(), errc::overloaded);
    }
    EXPECT_TRUE(channel.try_reserve().has_value());
}

TEST(channel, ends_when_the_last_sender_died_between_its_grant_and_its_resumption) {
    channel<int> channel{1};
    std::vector<int> items;
    errc end{};
    driver driver;
    (void)driver.run(sends(channel, 0, 1));
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(sends(channel, 1, 2));
        driver.scope().spawn(receives_all(channel, items, end));
        channel.close();
        EXPECT_EQ(end, errc{});
    }
    driver.run();
    EXPECT_EQ(items, (std::vector<int>{0}));
    EXPECT_EQ(end, errc::end_of_stream);
}

TEST(channel, forgets_those_who_are_destroyed_while_they_wait) {
    channel<int> channel{1};
    std::vector<int> items;
    driver driver;
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(receives_one(channel, items));
    }
    (*channel.try_reserve()).send(1);
    {
        task_scope inner{environment{driver.loop(), driver.stop()}, [](const error&) {}};
        inner.spawn(sends(channel, 2, 3));
    }
    driver.run();
    EXPECT_TRUE(items.empty());
    EXPECT_EQ(channel.try_receive(), std::optional<int>{1});
    EXPECT_FALSE(channel.try_receive().has_value());
}

TEST(channel, moves_what_can_only_move_and_destroys_what_nobody_received) {
    auto item = std::make_shared<int>(1);
    const std::weak_ptr<int> watch = item;
    {
        channel<std::unique_ptr<std::shared_ptr<int>>> channel{2};
        (*channel.try_reserve()).send(std::make_unique<std::shared_ptr<int>>(std::move(item)));
        EXPECT_FALSE(watch.expired());
    }
    EXPECT_TRUE(watch.expired());
}

TEST(channel, allocates_nothing_per_item) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has the heap";
    channel<int> channel{2};
    std::vector<int> items;
    items.reserve(100);
    errc end{};
    driver driver;
    driver.scope().spawn(receives_all(channel, items, end));
    driver.scope().spawn(sends(channel, 0, 10));
    const auto before = heap::requests();
    driver.run();
    EXPECT_EQ(heap::requests() - before, 0U);
    EXPECT_EQ(items.size(), 10U);
    channel.close();
    driver.run();
}

}  // namespace
}  // namespace weir::inline v0::flow
