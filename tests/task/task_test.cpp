#include "weir/task/task.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

// Notes when it dies.
class mark {
public:
    mark(std::vector<std::string>& log, std::string name) : log_{&log}, name_{std::move(name)} {}
    mark(const mark&) = delete;
    mark& operator=(const mark&) = delete;
    ~mark() { log_->push_back(name_); }

private:
    std::vector<std::string>* log_;
    std::string name_;
};

task<int> seven() { co_return 7; }
task<int> twice(task<int> inner) { co_return 2 * co_await std::move(inner); }

TEST(task, does_nothing_until_it_is_awaited) {
    bool ran = false;
    const auto set = [](bool& flag) -> task<> {
        flag = true;
        co_return;
    };
    {
        auto unused = set(ran);
    }
    EXPECT_FALSE(ran);
    driver driver;
    driver.run(set(ran));
    EXPECT_TRUE(ran);
}

TEST(task, answers_with_its_value) {
    driver driver;
    EXPECT_EQ(driver.run(twice(seven())), 14);
}

TEST(task, moves_values_that_do_not_copy) {
    driver driver;
    const auto make = []() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
    EXPECT_EQ(*driver.run(make()), 3);
}

TEST(task, rethrows_what_it_threw) {
    driver driver;
    const auto outer = []() -> task<std::string> {
        const auto thrower = []() -> task<int> {
            co_await sleep(1ms);
            throw std::runtime_error{"deep"};
        };
        try {
            co_await thrower();
        } catch (const std::runtime_error& thrown) {
            co_return thrown.what();
        }
        co_return "nothing";
    };
    EXPECT_EQ(driver.run(outer()), "deep");
}

task<> child_with_local(std::vector<std::string>& log, bool waits) {
    const mark local{log, "local"};
    if (waits) {
        auto ended = co_await sleep(1ms);
        EXPECT_TRUE(ended);
    }
}

task<> holds_child_in_a_variable(std::vector<std::string>& log, bool waits) {
    auto child = child_with_local(log, waits);
    co_await std::move(child);
    log.push_back("awaiter resumed");
}

TEST(task, destroys_its_locals_before_its_awaiter_resumes) {
    for (const bool waits : {false, true}) {
        std::vector<std::string> log;
        driver driver;
        driver.run(holds_child_in_a_variable(log, waits));
        EXPECT_EQ(log, (std::vector<std::string>{"local", "awaiter resumed"}));
    }
}

task<> takes(std::shared_ptr<mark> parameter) {
    EXPECT_TRUE(parameter);
    co_await yield();
}

task<> passes_a_parameter(std::vector<std::string>& log) {
    co_await takes(std::make_shared<mark>(log, "parameter"));
    log.push_back("awaiter resumed");
}

TEST(task, destroys_its_parameters_before_its_awaiter_resumes) {
    std::vector<std::string> log;
    driver driver;
    driver.run(passes_a_parameter(log));
    EXPECT_EQ(log, (std::vector<std::string>{"parameter", "awaiter resumed"}));
}

task<int> awaits_many(int times) {
    int sum = 0;
    for (int i = 0; i < times; ++i) sum += co_await seven();
    co_return sum;
}

TEST(task, does_not_grow_the_stack_by_a_million_awaits_of_completed_tasks) {
    driver driver;
    EXPECT_EQ(driver.run(awaits_many(1'000'000)), 7'000'000);
}

task<> yields_many(int times) {
    for (int i = 0; i < times; ++i) {
        const auto once = []() -> task<> { co_await yield(); };
        co_await once();
    }
}

TEST(task, does_not_grow_the_stack_by_many_suspended_awaits) {
    driver driver;
    driver.run(yields_many(100'000));
}

TEST(task, destroyed_before_it_started_lets_its_parameters_go) {
    std::vector<std::string> log;
    {
        auto unused = takes(std::make_shared<mark>(log, "parameter"));
    }
    EXPECT_EQ(log, (std::vector<std::string>{"parameter"}));
}

TEST(task, destroyed_while_a_child_sleeps_leaves_no_timer_behind) {
    std::vector<std::string> log;
    scheduler scheduler;
    stop_node stop;
    const environment env{scheduler, stop};
    {
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.spawn(holds_child_in_a_variable(log, true));
        EXPECT_NE(scheduler.next_expiry(), never);
    }
    EXPECT_EQ(log, (std::vector<std::string>{"local"}));
    EXPECT_EQ(scheduler.next_expiry(), never);
}

task<> sees_environment(const environment* expected) {
    const environment& env = co_await this_env{};
    EXPECT_EQ(&env.scheduler(), &expected->scheduler());
    EXPECT_EQ(&env.stop(), &expected->stop());
}

TEST(task, inherits_the_environment_of_its_awaiter) {
    driver driver;
    driver.run(sees_environment(&driver.scope().env()));
}

}  // namespace
}  // namespace weir::inline v0
