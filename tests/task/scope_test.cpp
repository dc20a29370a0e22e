#include "weir/task/scope.hpp"

#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

task<> sleeper(duration length, int& ended) {
    (void)co_await sleep(length);
    ++ended;
}

task<int> joins_three() {
    int ended = 0;
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error&) { FAIL(); }};
    scope.spawn(sleeper(1ms, ended));
    scope.spawn(sleeper(5ms, ended));
    scope.spawn(sleeper(3ms, ended));
    EXPECT_EQ(scope.size(), 3U);
    co_await scope.join();
    co_return ended;
}

TEST(task_scope, ends_when_its_children_have) {
    driver driver;
    EXPECT_EQ(driver.run(joins_three()), 3);
    EXPECT_EQ(driver.now(), time_point{5ms});
}

task<int> stops_children() {
    int ended = 0;
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error&) { FAIL(); }};
    scope.spawn(sleeper(1h, ended));
    scope.request_stop();
    scope.spawn(sleeper(1h, ended));
    co_await scope.join();
    co_return ended;
}

TEST(task_scope, stops_its_children_early_and_late_ones_from_the_start) {
    driver driver;
    EXPECT_EQ(driver.run(stops_children()), 2);
    EXPECT_EQ(driver.now(), time_point{});
}

task<result<>> fails() {
    co_await yield();
    co_return fail(errc::storage, "disk");
}
task<> throws() {
    co_await yield();
    throw std::runtime_error{"oops"};
}

task<> collects(std::vector<std::string>& errors) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [&](const error& why) { errors.push_back(why.message()); }};
    scope.spawn(fails());
    scope.spawn(throws());
    co_await scope.join();
}

TEST(task_scope, hands_errors_and_exceptions_to_its_handler) {
    std::vector<std::string> errors;
    driver driver;
    driver.run(collects(errors));
    EXPECT_EQ(errors, (std::vector<std::string>{"disk", "oops"}));
}

TEST(task_scope, destroys_children_that_still_run_when_it_dies) {
    scheduler scheduler;
    stop_node stop;
    int ended = 0;
    {
        task_scope scope{environment{scheduler, stop}, [](const error&) { FAIL(); }};
        scope.spawn(sleeper(1h, ended));
    }
    EXPECT_EQ(ended, 0);
    EXPECT_EQ(scheduler.next_expiry(), never);
}

task<> destroys_three(time_point& when) {
    const environment& env = co_await this_env{};
    int ended = 0;
    task_scope scope{env, [](const error&) { FAIL(); }};
    for (int i = 0; i < 3; ++i) scope.spawn(sleeper(1h, ended));
    task_scope other{env, [](const error&) { FAIL(); }};
    const auto destroy = [](task_scope& which) -> task<> {
        co_await sleep(5ms);
        which.destroy_children();
    };
    other.spawn(destroy(scope));
    co_await scope.join();
    EXPECT_EQ(scope.size(), 0U);
    EXPECT_EQ(ended, 0);
    when = env.now();
    co_await other.join();
}

TEST(task_scope, lets_a_join_end_when_its_children_are_destroyed) {
    driver driver;
    time_point when{};
    driver.run(destroys_three(when));
    EXPECT_EQ(when, time_point{5ms});
}

task<> spawns_into(task_scope& scope, int& ended) {
    scope.spawn(sleeper(1h, ended));
    co_return;
}

task<> spawns_under_a_deadline(int& ended, time_point& when) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error&) { FAIL(); }};
    co_await with_timeout(10ms, spawns_into(scope, ended));
    co_await scope.join();
    when = env.now();
}

TEST(task_scope, gives_its_own_environment_not_the_deadline_of_the_caller) {
    driver driver;
    int ended = 0;
    time_point when{};
    driver.run(spawns_under_a_deadline(ended, when));
    EXPECT_EQ(when, time_point{1h});
}

// One fails after 1 ms, one throws after 5 ms, one would sleep for an hour.
task<std::vector<errc>> one_of_three_fails(on_failure others, int& ended) {
    std::vector<errc> told;
    const environment& env = co_await this_env{};
    task_scope scope{env, [&told](const error& why) { told.push_back(why.code()); }, others};
    scope.spawn([]() -> task<result<>> {
        (void)co_await sleep(1ms);
        co_return fail(errc::refused);
    }());
    scope.spawn([]() -> task<> {
        if (!co_await sleep(5ms)) co_return;
        throw std::runtime_error{"late"};
    }());
    scope.spawn(sleeper(1h, ended));
    co_await scope.join();
    co_return told;
}

TEST(task_scope, stops_the_others_when_one_fails_where_asked_to) {
    driver driver;
    int ended = 0;
    const auto told = driver.run(one_of_three_fails(on_failure::stop_all, ended));
    EXPECT_EQ(told, std::vector{errc::refused});
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(driver.now(), time_point{1ms});
}

TEST(task_scope, lets_the_others_go_on_where_not) {
    driver driver;
    int ended = 0;
    const auto told = driver.run(one_of_three_fails(on_failure::go_on, ended));
    EXPECT_EQ(told, (std::vector{errc::refused, errc::internal}));
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(driver.now(), time_point{1h});
}

}  // namespace
}  // namespace weir::inline v0
