// Tasks on another loop: what thread sanitizers should look at.
#include "weir/io/run_on.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>

#include <gtest/gtest.h>

#include "weir/flow/oneshot.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
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

// Where it has not waited yet.
task<result<>> tells_whose(std::string& name) {
    const environment& env = co_await this_env{};
    name = env.scheduler().running().name;
    co_return {};
}

task<> asks_for_a_guest(runtime& runtime, std::string& name) {
    const environment& env = co_await this_env{};
    stop_node stop{env.stop()};
    task_scope theirs{environment{env, stop, {"a guest", 1}}, [](const error&) {}};
    const auto asks = [](io::runtime& with, std::string& out) -> task<result<>> {
        run_on there{with.at(1), tells_whose, std::ref(out)};
        co_return co_await std::move(there);
    };
    theirs.spawn(asks(runtime, name));
    co_await theirs.join();
}

TEST(run_on, says_on_the_other_loop_on_whose_behalf) {
    runtime runtime{with_loops(2)};
    std::string name;
    runtime.run(asks_for_a_guest(runtime, name));
    EXPECT_EQ(name, "a guest");
}

// What runs now, on any loop.
class running {
public:
    explicit running(std::atomic<int>& count) : count_{&count} { ++*count_; }
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running() {
        EXPECT_EQ(thread_, std::this_thread::get_id()) << "a task ends on its own loop";
        --*count_;
    }

private:
    std::atomic<int>* count_;
    std::thread::id thread_ = std::this_thread::get_id();
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

task<result<>> throws_an_int_later() {
    co_await yield();
    throw 7;
}
task<result<>> throws_an_int_at_once() { throw 7; }
task<result<>> throws_text() {
    co_await yield();
    throw std::runtime_error{"a task's bug"};
}
task<result<>> finds_no_memory() {
    co_await yield();
    throw std::bad_alloc{};
}

task<> waits_for_those_that_throw(runtime& runtime) {
    constexpr std::string_view nothing_known = "an exception of an unknown type";
    const std::array<std::tuple<task<result<>> (*)(), errc, std::string_view>, 4> all{{
        {throws_an_int_later, errc::internal, nothing_known},
        {throws_an_int_at_once, errc::internal, nothing_known},
        {throws_text, errc::internal, "a task's bug"},
        {finds_no_memory, errc::out_of_memory, "out_of_memory"},
    }};
    for (const auto& [function, code, text] : all) {
        run_on there{runtime.at(1), function};
        const auto outcome = co_await with_timeout(10s, std::move(there));
        EXPECT_TRUE(!outcome && outcome.error() == code) << text;
        EXPECT_EQ(outcome ? "" : outcome.error().text(), text);
    }
}

TEST(run_on, answers_with_an_error_whatever_is_thrown_there) {
    runtime runtime{with_loops(2)};
    runtime.run(waits_for_those_that_throw(runtime));
}

task<result<>> runs_until_it_is_stopped(std::atomic<int>& count) {
    const running here{count};
    co_return co_await sleep(1h);
}

task<result<>> runs_there(loop& where, std::atomic<int>& count) {
    run_on there{where, runs_until_it_is_stopped, std::ref(count)};
    co_return co_await std::move(there);
}

task<> wait_until(const std::atomic<int>& count, int is) {
    bool was = count == is;
    for (int waited = 0; !was && waited < 10'000; ++waited) {
        (void)co_await sleep(1ms);
        was = count == is;
    }
    EXPECT_TRUE(was) << count;
}

// Who was destroyed before its task began may be followed by it after the round.
task<> destroys_those_who_wait(runtime& runtime, std::atomic<int>& count) {
    const environment& env = co_await this_env{};
    for (int round = 0; round < 300; ++round) {
        {
            task_scope scope{env, [](const error&) { FAIL(); }};
            if (round % 2 == 0) scope.spawn(takes_turns_on(runtime.at(1), count, round % 5));
            scope.spawn(runs_there(runtime.at(1), count));
            for (int turns = round % 8; turns > 0; --turns) co_await yield();
            if (round % 4 == 1) co_await wait_until(count, 1);
            if (round % 3 == 0) scope.request_stop();
        }
        // Those there have been stopped, and end when they have heard of it.
        co_await wait_until(count, 0);
    }
}

// BEHAVIOUR.md, Process, "a coroutine destroyed at any suspension point".
TEST(run_on, stops_its_task_and_leaves_it_alone_when_it_is_destroyed) {
    std::atomic<int> count = 0;
    {
        runtime runtime{with_loops(2)};
        runtime.run(destroys_those_who_wait(runtime, count));
    }
    EXPECT_EQ(count, 0);
}

// Nobody waits for what it owns: it is there for as long as the task, or the loop.
task<result<>> ignores_its_stop(std::shared_ptr<int> /*a part of the frame*/) {
    for (;;) {
        (void)co_await sleep(1h);
        co_await yield();
    }
}

task<result<>> begins(loop& where, std::shared_ptr<int> owned) {
    run_on there{where, ignores_its_stop, std::move(owned)};
    co_return co_await std::move(there);
}

task<> leaves_it_running(runtime& runtime, std::shared_ptr<int> owned, int turns) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error&) { FAIL(); }};
    scope.spawn(begins(runtime.at(1), std::move(owned)));
    for (int turn = 0; turn < turns; ++turn) co_await yield();
    if (turns % 2 == 1) (void)co_await sleep(1ms);
}

TEST(run_on, leaves_nothing_behind_where_its_loop_ends_first) {
    for (int turns = 0; turns < 30; ++turns) {
        const auto owned = std::make_shared<int>(0);
        {
            runtime runtime{with_loops(2)};
            runtime.run(leaves_it_running(runtime, owned, turns));
        }
        EXPECT_EQ(owned.use_count(), 1) << turns;
    }
}

}  // namespace
}  // namespace weir::inline v0::io
