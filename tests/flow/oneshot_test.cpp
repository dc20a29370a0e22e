#include "weir/flow/oneshot.hpp"

#include <memory>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"

#include "task/driver.hpp"

namespace weir::inline v0::flow {
namespace {

using parcel = std::unique_ptr<int>;
using parcels = oneshot<parcel>;

task<result<parcel>> receives(parcels::receiver& from) { co_return co_await from.receive(); }

task<result<int>> unwraps_parcel(parcels::receiver& from) {
    const parcel got = co_await or_return(from.receive());
    co_return *got;
}

TEST(oneshot, brings_a_value_to_who_waits_for_it) {
    auto [sender, receiver] = parcels::make();
    driver driver;
    std::optional<result<parcel>> got;
    const auto keeps = [](parcels::receiver& from, std::optional<result<parcel>>& to) -> task<> {
        to.emplace(co_await from.receive());
    };
    driver.scope().spawn(keeps(receiver, got));
    driver.run();
    EXPECT_FALSE(got.has_value());
    EXPECT_TRUE(std::move(sender).send(std::make_unique<int>(7)));
    driver.run();
    EXPECT_EQ(**got.value(), 7);
}

TEST(oneshot, keeps_a_value_that_came_first) {
    auto [sender, receiver] = parcels::make();
    driver driver;
    EXPECT_TRUE(std::move(sender).send(std::make_unique<int>(7)));
    EXPECT_EQ(driver.run(unwraps_parcel(receiver)).value(), 7);
}

TEST(oneshot, is_closed_once_its_value_was_received) {
    auto [sender, receiver] = parcels::make();
    driver driver;
    EXPECT_TRUE(std::move(sender).send(std::make_unique<int>(7)));
    EXPECT_TRUE(driver.run(receives(receiver)).has_value());
    EXPECT_EQ(driver.run(receives(receiver)).error(), errc::closed);
}

TEST(oneshot, is_closed_where_its_sender_went_without_sending) {
    auto [sender, receiver] = parcels::make();
    driver driver;
    std::optional<errc> outcome;
    const auto keeps = [](parcels::receiver& from, std::optional<errc>& to) -> task<> {
        const auto got = co_await unwraps_parcel(from);
        to = got.error().code();
    };
    driver.scope().spawn(keeps(receiver, outcome));
    {
        const auto dropped = std::move(sender);
    }
    driver.run();
    EXPECT_EQ(outcome, errc::closed);
    EXPECT_EQ(driver.run(receives(receiver)).error(), errc::closed);
}

TEST(oneshot, tells_its_sender_that_nobody_will_receive) {
    auto [sender, receiver] = parcels::make();
    {
        const auto dropped = std::move(receiver);
    }
    EXPECT_EQ(std::move(sender).send(nullptr).error(), errc::closed);
}

TEST(oneshot, destroys_what_nobody_received) {
    auto [sender, receiver] = oneshot<std::shared_ptr<int>>::make();
    auto item = std::make_shared<int>(1);
    const std::weak_ptr<int> alive = item;
    EXPECT_TRUE(std::move(sender).send(std::move(item)));
    EXPECT_FALSE(alive.expired());
    {
        const auto dropped = std::move(receiver);
    }
    EXPECT_TRUE(alive.expired());
}

}  // namespace
}  // namespace weir::inline v0::flow
