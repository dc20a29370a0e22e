// Tasks on another loop: what thread sanitizers should look at.
#include "weir/io/run_on.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "weir/flow/oneshot.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/when_any.hpp"
#include "weir/task/with_timeout.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

runtime_options with_loops(unsigned count) {
    runtime_options options;
    options.loops = count;
    return options;
}

task<result<>> ends_well_with(std::unique_ptr<int> number, const std::string& text, int& sum) {
    co_await yield();
    sum = *number + static_cast<int>(text.size());
    co_return result<>{};
}

task<> passes_arguments(runtime& runtime, int& sum) {
    run_on there{runtime.at(1), ends_well_with, std::make_unique<int>(4), std::string{"abc"},
                 std::ref(sum)};
    EXPECT_TRUE(co_await std::move(there));
}

TEST(run_on, keeps_its_arguments_for_as_long_as_its_task_runs) {
    runtime runtime{with_loops(2)};
    int sum = 0;
    runtime.run(passes_arguments(runtime, sum));
    EXPECT_EQ(sum, 7);
}

// What runs now, on any loop.
class running {
public:
    explicit running(std::atomic<int>& count) : count_{&count} { ++*count_; }
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running() { --*count_; }

private:
    std::atomic<int>* count_;
};

task<result<>> takes_turns(std::atomic<int>& count, int turns) {
    const running here{count};
    for (int turn = 0; turn < turns; ++turn) co_await yield();
    co_return co_await sleep(turns == 0 ? 0ms : 1ms);
}

task<result<>> takes_turns_on(loop& where, std::atomic<int>& count, int turns) {
    run_on there{where, takes_turns, std::ref(count), turns};
    co_return co_await std::move(there);
}

task<> races_loops(runtime& runtime) {
    std::atomic<int> count = 0;
    for (int round = 0; round < 200; ++round) {
        auto race = when_any(takes_turns_on(runtime.at(1), count, round % 3),
                             takes_turns_on(runtime.at(2), count, round % 5),
                             takes_turns(count, round % 7));
        const auto [first, outcomes] = co_await std::move(race);
        EXPECT_LT(first, 3U);
        EXPECT_EQ(count, 0) << "when it answers, nobody runs any more";
        const auto& [one, two, here] = outcomes;
        for (const result<>* each : {&one, &two, &here})
            EXPECT_TRUE(*each || each->error() == errc::canceled);
    }
}

TEST(when_any_across_loops, has_ended_everywhere_when_it_answers) {
    runtime runtime{with_loops(3)};
    runtime.run(races_loops(runtime));
}

task<> times_out_there(runtime& runtime) {
    std::atomic<int> count = 0;
    for (int round = 0; round < 50; ++round) {
        const auto outcome =
            co_await with_timeout(1ms, takes_turns_on(runtime.at(1), count, round % 8));
        EXPECT_TRUE(outcome || outcome.error() == errc::timed_out);
        EXPECT_EQ(count, 0);
    }
}

TEST(run_on, has_one_outcome_where_its_deadline_races_its_end) {
    runtime runtime{with_loops(2)};
    runtime.run(times_out_there(runtime));
}

using one_number = flow::oneshot<int>;

task<result<>> answers_from_there(one_number::sender to) { co_return std::move(to).send(7); }

task<result<>> asks_there(loop& where, one_number::sender answer) {
    run_on there{where, answers_from_there, std::move(answer)};
    co_return co_await std::move(there);
}

task<result<int>> waits_for_answer(one_number::receiver from) { co_return co_await from.receive(); }

task<> asks(runtime& runtime) {
    auto [sender, receiver] = one_number::make();
    auto both = when_all(waits_for_answer(std::move(receiver)),
                         asks_there(runtime.at(1), std::move(sender)));
    const auto [answer, asked] = co_await std::move(both);
    EXPECT_TRUE(asked);
    EXPECT_TRUE(answer && *answer == 7);
}

TEST(run_on, takes_the_sender_of_a_oneshot_along) {
    runtime runtime{with_loops(2)};
    runtime.run(asks(runtime));
}

}  // namespace
}  // namespace weir::inline v0::io
