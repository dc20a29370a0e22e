// Children of a scope that have things of their own, and run one task after another.
#include <memory>
#include <new>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/report.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

using story = std::vector<std::string>;

// Tells when it goes, as what a member owns and its tasks use.
class keepsake {
public:
    keepsake(story& to, std::string what) : to_{to}, what_{std::move(what)} {}
    keepsake(const keepsake&) = delete;
    keepsake& operator=(const keepsake&) = delete;
    ~keepsake() { to_.push_back(what_ + " gone"); }

private:
    story& to_;
    std::string what_;
};

class member final : public scope_member, early_exit {
public:
    member(task_scope& scope, story& to, std::vector<std::string> steps)
        : scope_member{scope, stop_, "member"},
          stop_{scope.env().stop()},
          to_{to},
          steps_{std::move(steps)},
          own_{to, "what it owns"} {}

    static constexpr unsigned resting_line = __LINE__ + 2;
    std::source_location rests_at() const noexcept override {
        return std::source_location::current();
    }

private:
    step next_step() override {
        if (at_ == steps_.size()) return ends{};
        std::string& what = steps_[at_++];
        if (what == "no memory") throw std::bad_alloc{};
        if (what == "rests") return rest();
        return run(to_, std::move(what));
    }

    step rest() {
        if (!alarm_) {
            alarm_.emplace(after(env().now(), 5ms), env());
            if (!alarm_->await_ready()) {
                --at_;  // once more, when it has ended
                alarm_->await_suspend(continuation{*this});
                return waits{};
            }
        }
        to_.push_back(alarm_->await_resume() ? "rest ended" : "rest stopped");
        alarm_.reset();
        return next_step();
    }
    std::coroutine_handle<> next() noexcept override { return go_on(); }

    static task<> run(story& to, std::string step) {
        const keepsake local{to, step};
        to.push_back(step);
        if (step == "throws") throw std::runtime_error{"oops"};
        if (step == "at once") co_return;
        const auto slept = co_await sleep(5ms);
        to.push_back(slept ? step + " ended" : step + " stopped");
    }

    stop_node stop_;
    story& to_;
    std::vector<std::string> steps_;
    std::size_t at_ = 0;
    keepsake own_;
    std::optional<sleep_awaiter> alarm_;
};

task<> joins(story& to, std::vector<std::string> steps, bool stopped = false) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [&](const error& why) { to.push_back(why.message()); }};
    scope.spawn(std::make_unique<member>(scope, to, std::move(steps)));
    if (stopped) scope.request_stop();
    co_await scope.join();
    EXPECT_EQ(scope.size(), 0U);
}

TEST(a_scope_member, runs_its_tasks_one_after_the_other_and_goes_behind_the_last) {
    story told;
    driver driver;
    driver.run(joins(told, {"one", "at once", "two"}));
    EXPECT_EQ(told, (story{"one", "one ended", "one gone", "at once", "at once gone", "two",
                           "two ended", "two gone", "what it owns gone"}));
    EXPECT_EQ(driver.now(), time_point{10ms});
}

TEST(a_scope_member, ends_where_there_is_nothing_to_run) {
    story told;
    driver driver;
    driver.run(joins(told, {}));
    EXPECT_EQ(told, story{"what it owns gone"});
}

TEST(a_scope_member, is_reached_by_a_stop_of_its_scope) {
    story told;
    driver driver;
    driver.run(joins(told, {"one", "two"}, true));
    EXPECT_EQ(told, (story{"one", "one stopped", "one gone", "two", "two stopped", "two gone",
                           "what it owns gone"}));
    EXPECT_EQ(driver.now(), time_point{});
}

TEST(a_scope_member, ends_with_a_task_that_throws_and_its_scope_is_told) {
    story told;
    driver driver;
    driver.run(joins(told, {"one", "throws", "never"}));
    EXPECT_EQ(told, (story{"one", "one ended", "one gone", "throws", "throws gone", "oops",
                           "what it owns gone"}));
}

TEST(a_scope_member, ends_where_there_is_no_memory_for_its_next_task) {
    for (const story& steps : {story{"no memory", "never"}, story{"at once", "no memory"}}) {
        story told;
        driver driver;
        driver.run(joins(told, steps));
        ASSERT_GE(told.size(), 2U);
        EXPECT_EQ(told[told.size() - 2], error{errc::out_of_memory}.message());
        EXPECT_EQ(told.back(), "what it owns gone");
    }
}

task<> destroys(story& to) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error&) { FAIL(); }};
    scope.spawn(std::make_unique<member>(scope, to, std::vector<std::string>{"one", "never"}));
    scope.destroy_children();
    EXPECT_EQ(scope.size(), 0U);
    co_await scope.join();
}

TEST(a_scope_member, that_is_destroyed_outlives_its_task) {
    story told;
    driver driver;
    driver.run(destroys(told));
    EXPECT_EQ(told, (story{"one", "one gone", "what it owns gone"}));
}

task<> destroys_one(story& to) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error&) { FAIL(); }};
    auto made = std::make_unique<member>(scope, to, story{"one", "never"});
    member& doomed = *made;
    scope.spawn(std::move(made));
    scope.spawn(std::make_unique<member>(scope, to, story{"two"}));
    scope.destroy(doomed);
    EXPECT_EQ(scope.size(), 1U);
    co_await scope.join();
}

TEST(a_scope_member, is_destroyed_beside_others_that_go_on) {
    story told;
    driver driver;
    driver.run(destroys_one(told));
    EXPECT_EQ(told, (story{"one", "two", "one gone", "what it owns gone", "two ended", "two gone",
                           "what it owns gone"}));
}

TEST(a_scope_member, rests_between_its_tasks_without_one) {
    story told;
    driver driver;
    driver.run(joins(told, {"rests", "one", "rests", "rests", "at once"}));
    EXPECT_EQ(told, (story{"rest ended", "one", "one ended", "one gone", "rest ended", "rest ended",
                           "at once", "at once gone", "what it owns gone"}));
    EXPECT_EQ(driver.now(), time_point{20ms});
}

TEST(a_scope_member, is_stopped_while_it_rests) {
    story told;
    driver driver;
    driver.run(joins(told, {"rests", "one"}, true));
    EXPECT_EQ(told, (story{"rest stopped", "one", "one stopped", "one gone", "what it owns gone"}));
    EXPECT_EQ(driver.now(), time_point{});
}

TEST(a_scope_member, tells_where_it_rests) {
    story told;
    driver driver;
    task_scope& scope = driver.scope();
    scope.spawn(std::make_unique<member>(scope, told, story{"rests", "one"}));
    const auto seen = report_tasks(scope.env().scheduler(), 1).listed;
    ASSERT_EQ(seen.size(), 1U);
    ASSERT_EQ(seen.front().waits_at.size(), 1U);
    EXPECT_EQ(seen.front().waits_at.front().line(), member::resting_line);
    EXPECT_STREQ(seen.front().name, "member");
    driver.run();
}

task<> destroys_at_rest(story& to) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error&) { FAIL(); }};
    scope.spawn(std::make_unique<member>(scope, to, std::vector<std::string>{"rests", "never"}));
    scope.destroy_children();
    EXPECT_EQ(scope.size(), 0U);
    co_await scope.join();
    // Were its timer left behind, it would fire now.
    (void)co_await sleep(10ms);
}

TEST(a_scope_member, that_is_destroyed_at_rest_leaves_nothing_behind) {
    story told;
    driver driver;
    driver.run(destroys_at_rest(told));
    EXPECT_EQ(told, story{"what it owns gone"});
}

}  // namespace
}  // namespace weir::inline v0
