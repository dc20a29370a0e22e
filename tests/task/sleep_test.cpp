// The names of the waits for time in a file that sees the operating system's as well.
#include "weir/task/sleep.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "weir/task/this_env.hpp"

#include "driver.hpp"

using namespace weir;
using namespace std::chrono_literals;

namespace {

task<time_point> sleeps_twice(time_point until) {
    co_await yield();
    auto slept = co_await sleep(1s);
    EXPECT_TRUE(slept);
    slept = co_await sleep_until(until);
    EXPECT_TRUE(slept);
    co_return (co_await this_env{}).now();
}

}  // namespace

TEST(sleep, stands_beside_that_of_unistd) {
    EXPECT_EQ(::sleep(0), 0U);
    EXPECT_EQ(sleep(0), 0U) << "a number of seconds is still the operating system's";
}

TEST(sleep, waits_for_a_duration_and_until_a_time) {
    driver driver;
    const time_point begin = driver.now();
    EXPECT_EQ(driver.run(sleeps_twice(begin + 3s)), begin + 3s);
}
