#include <gtest/gtest.h>

#include "ours.hpp"
#include "task/driver.hpp"
#include "tutorial.hpp"

namespace guide::pooling {
namespace {

// Each has two tools.

template <class Pool>
weir::task<> use_and_count(Pool& pool, int& served) {
    const weir::result<> outcome = co_await pool.use(work);
    if (outcome) ++served;
}

template <class Pool>
int served_of_five_at_once() {
    Pool pool;
    int served = 0;
    weir::driver driver;
    for (int i = 0; i < 5; ++i) driver.scope().spawn(use_and_count(pool, served));
    driver.run();
    return served;
}

template <class Pool>
bool outlives_users_that_fail() {
    Pool pool;
    weir::driver driver;
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(driver.run(pool.use(work_that_fails)));
    return driver.run(pool.use(work)).has_value();
}

template <class Pool>
bool lends_nothing_that_is_broken() {
    Pool pool;
    weir::driver driver;
    EXPECT_TRUE(driver.run(pool.use(break_it)));
    return driver.run(pool.use(work)).has_value();
}

TEST(guide_pooling, a_checkout_that_gives_up_serves_as_many_as_there_are_tools) {
    EXPECT_EQ(served_of_five_at_once<checkout_or_give_up>(), 2);
}

TEST(guide_pooling, a_pool_with_turns_serves_all) {
    EXPECT_EQ(served_of_five_at_once<wait_in_turn>(), 5);
}

TEST(guide_pooling, what_is_given_back_by_hand_is_lost_by_the_first_early_return) {
    EXPECT_FALSE(outlives_users_that_fail<checkout_or_give_up>());
    EXPECT_TRUE(outlives_users_that_fail<wait_in_turn>());
}

TEST(guide_pooling, what_nobody_looks_at_goes_to_the_next_one_broken) {
    EXPECT_FALSE(lends_nothing_that_is_broken<checkout_or_give_up>());
    EXPECT_TRUE(lends_nothing_that_is_broken<wait_in_turn>());
}

}  // namespace
}  // namespace guide::pooling
