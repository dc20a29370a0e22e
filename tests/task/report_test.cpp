#include "weir/task/report.hpp"

#include <string>

#include <gtest/gtest.h>

#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

constexpr unsigned inner_line = __LINE__ + 1;
task<result<>> sleeps_inside(duration length) { co_return co_await sleep(length); }

constexpr unsigned outer_line = __LINE__ + 3;
task<> waits_around(duration length, duration limit) {
    auto sleeping = sleeps_inside(length);
    (void)co_await with_timeout(limit, std::move(sleeping));
    (void)co_await sleep(1h);
}

constexpr unsigned pair_line = __LINE__ + 1;
task<> waits_for_two() { (void)co_await when_all(sleeps_inside(1h), sleeps_inside(2h)); }

std::vector<unsigned> lines_of(const task_report& task) {
    std::vector<unsigned> lines;
    for (const auto& place : task.waits_at) lines.push_back(place.line());
    return lines;
}

class task_report_test : public testing::Test {
protected:
    task_listing tasks_at(duration time) {
        task_listing seen;
        const auto look = [](duration at, task_listing& into) -> task<> {
            (void)co_await sleep(at);
            const environment& env = co_await this_env{};
            into = report_tasks(env.scheduler(), 100);
        };
        driver_.scope().spawn(look(time, seen));
        driver_.run();
        return seen;
    }

    driver driver_;
};

TEST_F(task_report_test, tells_where_a_task_waits_and_until_when) {
    driver_.scope().spawn(waits_around(1h, 20ms), "outer");
    const auto seen = tasks_at(10ms);
    ASSERT_EQ(seen.running, 2U);
    const task_report& found = seen.listed.front();
    EXPECT_STREQ(found.name, "outer");
    EXPECT_EQ(found.since, time_point{});
    EXPECT_EQ(found.deadline, time_point{20ms});
    EXPECT_EQ(lines_of(found), (std::vector{outer_line, inner_line}));
    EXPECT_STREQ(found.spawned_at.file_name(), found.waits_at.front().file_name());
    EXPECT_GT(found.spawned_at.line(), outer_line);
    EXPECT_NE(seen.listed[0].id, seen.listed[1].id);
}

TEST_F(task_report_test, calls_a_task_that_was_given_no_name_by_who_spawned_it) {
    driver_.scope().spawn(sleeps_inside(1h));
    EXPECT_STREQ(tasks_at(10ms).listed.front().name,
                 std::source_location::current().function_name());
}

TEST_F(task_report_test, forgets_a_task_that_has_ended) {
    driver_.scope().spawn(waits_around(1h, 20ms), "outer");
    const auto seen = tasks_at(30ms);
    EXPECT_EQ(lines_of(seen.listed.front()), (std::vector{outer_line + 1}));
    EXPECT_EQ(seen.listed.front().deadline, never);
}

TEST_F(task_report_test, tells_all_parts_of_those_that_run_side_by_side) {
    driver_.scope().spawn(waits_for_two());
    EXPECT_EQ(lines_of(tasks_at(10ms).listed.front()),
              (std::vector{pair_line, inner_line, inner_line}));
}

TEST_F(task_report_test, tells_the_part_that_has_not_ended) {
    driver_.scope().spawn(waits_for_two());
    EXPECT_EQ(lines_of(tasks_at(1h + 10ms).listed.front()), (std::vector{pair_line, inner_line}));
}

TEST_F(task_report_test, counts_those_that_it_has_no_room_for) {
    for (int i = 0; i < 5; ++i) driver_.scope().spawn(waits_around(1h, 1h));
    const auto listing = report_tasks(driver_.loop(), 3);
    EXPECT_EQ(listing.running, 5U);
    EXPECT_EQ(listing.listed.size(), 3U);
    driver_.scope().request_stop();
    driver_.run();
    EXPECT_EQ(report_tasks(driver_.loop(), 3).running, 0U);
}

}  // namespace
}  // namespace weir::inline v0
