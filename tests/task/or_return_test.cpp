#include "weir/task/or_return.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

// Counts how many of it live, so that a double destruction shows as well as a missing one.
class counted {
public:
    explicit counted(int& alive) : alive_{&alive} { ++*alive_; }
    counted(const counted& other) : alive_{other.alive_} { ++*alive_; }
    counted& operator=(const counted&) = delete;
    ~counted() { --*alive_; }

private:
    int* alive_;
};

enum class way { at_once, after_a_wait };

task<result<int>> answer(way how, result<int> value) {
    if (how == way::after_a_wait) co_await yield();
    co_return std::move(value);
}

task<result<std::string>> unwraps(way how, result<int> value, int& alive) {
    const counted local{alive};
    const int got = co_await or_return(answer(how, std::move(value)));
    co_return "got " + std::to_string(got);
}

struct observed {
    result<std::string> outcome;
    int alive_at_resumption;
};

task<observed> observes(way how, result<int> value, int& alive) {
    auto child = unwraps(how, std::move(value), alive);
    auto outcome = co_await std::move(child);
    co_return observed{std::move(outcome), alive};
}

class or_return_ways : public testing::TestWithParam<way> {};

TEST_P(or_return_ways, unwraps_a_value) {
    driver driver;
    int alive = 0;
    EXPECT_EQ(driver.run(observes(GetParam(), 3, alive)).outcome.value(), "got 3");
    EXPECT_EQ(alive, 0);
}

TEST_P(or_return_ways, leaves_with_the_error_and_destroys_locals_before_the_awaiter_resumes) {
    driver driver;
    int alive = 0;
    const observed seen = driver.run(observes(GetParam(), fail(errc::overloaded, "full"), alive));
    EXPECT_EQ(seen.outcome.error(), errc::overloaded);
    EXPECT_EQ(seen.outcome.error().text(), "full");
    EXPECT_EQ(seen.alive_at_resumption, 0);
    EXPECT_EQ(alive, 0);
}

INSTANTIATE_TEST_SUITE_P(both, or_return_ways, testing::Values(way::at_once, way::after_a_wait));

task<result<int>> unwraps_a_plain_result(result<int> value, int& alive) {
    const counted local{alive};
    co_return 1 + co_await or_return(std::move(value));
}

TEST(or_return, takes_a_plain_result) {
    driver driver;
    int alive = 0;
    EXPECT_EQ(driver.run(unwraps_a_plain_result(1, alive)).value(), 2);
    EXPECT_EQ(driver.run(unwraps_a_plain_result(fail(errc::closed), alive)).error(), errc::closed);
    EXPECT_EQ(alive, 0);
}

task<result<>> leaves_a_chain(int depth) {
    if (depth == 0) co_return fail(errc::reset);
    co_await or_return(leaves_a_chain(depth - 1));
    ADD_FAILURE() << "went on after an error";
    co_return result<>{};
}

TEST(or_return, passes_an_error_up_a_chain) {
    driver driver;
    EXPECT_EQ(driver.run(leaves_a_chain(50)).error(), errc::reset);
}

task<result<>> sleeps_or_returns() {
    co_await or_return(sleep(1h));
    ADD_FAILURE() << "slept to the end";
    co_return result<>{};
}

TEST(or_return, takes_an_operation_that_is_no_task) {
    driver driver;
    const auto stopper = [](stop_node& stop) -> task<> {
        co_await yield();
        stop.request();
    };
    driver.scope().spawn(stopper(driver.stop()));
    EXPECT_EQ(driver.run(sleeps_or_returns()).error(), errc::canceled);
    EXPECT_EQ(driver.now(), time_point{});
}

// Temporaries of the expression in which a task leaves early.
task<result<int>> takes_temporary(way how, std::shared_ptr<counted> temporary, bool fails) {
    if (how == way::after_a_wait) co_await yield();
    EXPECT_EQ(temporary.use_count(), 1);
    if (fails) co_return fail(errc::not_found);
    co_return 1;
}

task<result<int>> awaits_with_temporary(way how, int& alive, bool fails) {
    co_return co_await or_return(takes_temporary(how, std::make_shared<counted>(alive), fails));
}

TEST_P(or_return_ways, destroys_temporaries_once) {
    driver driver;
    int alive = 0;
    EXPECT_EQ(driver.run(awaits_with_temporary(GetParam(), alive, true)).error(), errc::not_found);
    EXPECT_EQ(driver.run(awaits_with_temporary(GetParam(), alive, false)).value(), 1);
    EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace weir::inline v0
