#include "weir/task/with_stop.hpp"

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

task<> request_after(duration wait, stop_node* stop) {
    (void)co_await sleep(wait);
    stop->request();
}

// How a nap of an hour ends, and one after it, when somebody requests its stop after a while.
task<std::pair<errc, errc>> nap_and_nap_on(duration requested_after) {
    const environment& env = co_await this_env{};
    stop_node stop{env.stop()};
    task_scope others{env, [](const error&) {}};
    others.spawn(request_after(requested_after, &stop));
    auto first = co_await with_stop(stop, sleep(1h));
    auto second = co_await sleep(1ms);
    co_await others.join();
    co_return std::pair{first ? errc{} : first.error().code(),
                        second ? errc{} : second.error().code()};
}

TEST(with_stop, ends_what_waits_under_it_and_nothing_else) {
    driver driver;
    EXPECT_EQ(driver.run(nap_and_nap_on(10ms)), std::pair(errc::canceled, errc{}));
    EXPECT_EQ(driver.now(), time_point{11ms});
}

TEST(with_stop, lets_through_what_ends_before) {
    driver driver;
    EXPECT_EQ(driver.run(nap_and_nap_on(2h)).first, errc{});
}

task<result<int>> leaves_at_a_stop(stop_node* stop) {
    co_await or_return(with_stop(*stop, sleep(1h)));
    co_return 1;
}

TEST(with_stop, ends_at_once_where_it_is_requested_already) {
    driver driver;
    stop_node stop{driver.stop()};
    stop.request(errc::timed_out);
    EXPECT_EQ(driver.run(leaves_at_a_stop(&stop)).error(), errc::timed_out);
    EXPECT_EQ(driver.now(), time_point{});
}

TEST(with_stop, is_reached_by_the_stop_around_it) {
    driver driver;
    stop_node stop{driver.stop()};
    driver.stop().request();
    EXPECT_EQ(driver.run(leaves_at_a_stop(&stop)).error(), errc::canceled);
}

}  // namespace
}  // namespace weir::inline v0
