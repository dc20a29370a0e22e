// A channel belongs to one loop; the others reach it where it is, and wait as its own tasks do.
#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "weir/flow/channel.hpp"
#include "weir/io/run_on.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t capacity = 2;
constexpr int count = 200;

// On the first loop.
struct mailbox {
    flow::channel<int> letters{capacity};
};

task<result<>> put(mailbox* into, int letter) {
    auto place = co_await or_return(into->letters.reserve());
    std::move(place).send(letter);
    co_return {};
}

// What a task of another loop does.
task<result<>> put_many(loop* home, mailbox* into, int first) {
    for (int letter = first; letter < first + count; ++letter) {
        run_on there{*home, put, into, letter};
        co_await or_return(std::move(there));
    }
    co_return {};
}

task<result<>> put_many_on(loop& where, loop* home, mailbox* into, int first) {
    run_on there{where, put_many, home, into, first};
    co_return co_await std::move(there);
}

task<result<std::vector<int>>> read(mailbox& from, std::size_t letters) {
    std::vector<int> got;
    while (got.size() < letters) {
        EXPECT_LE(from.letters.size(), capacity);
        const int letter = co_await or_return(with_timeout(10s, from.letters.receive()));
        got.push_back(letter);
        if (got.size() % 50 == 0) co_await or_return(sleep(1ms));
    }
    co_return got;
}

task<> sends_from_two_loops(runtime& runtime) {
    mailbox here;
    auto [got, one, two] = co_await when_all(
        read(here, 2 * count), put_many_on(runtime.at(1), &runtime.at(0), &here, 0),
        put_many_on(runtime.at(2), &runtime.at(0), &here, count));
    EXPECT_TRUE(one && two);
    std::vector<int> all(2 * count);
    std::iota(all.begin(), all.end(), 0);
    auto sorted = got.value_or(std::vector<int>{});
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, all);
}

runtime_options three_loops() {
    runtime_options options;
    options.loops = 3;
    return options;
}

TEST(channel_across_loops, takes_each_item_once_and_makes_senders_wait) {
    runtime runtime{three_loops()};
    runtime.run(sends_from_two_loops(runtime));
}

task<> leaves_a_full_one(runtime& runtime) {
    mailbox here;
    for (std::size_t i = 0; i < capacity; ++i) EXPECT_TRUE(co_await put(&here, 0));
    const auto outcome =
        co_await with_timeout(20ms, put_many_on(runtime.at(1), &runtime.at(0), &here, 1));
    EXPECT_EQ(outcome ? errc{} : outcome.error().code(), errc::timed_out);
    EXPECT_EQ(here.letters.size(), capacity);
}

TEST(channel_across_loops, lets_a_sender_leave_that_waits_for_a_place) {
    runtime runtime{three_loops()};
    runtime.run(leaves_a_full_one(runtime));
}

}  // namespace
}  // namespace weir::inline v0::io
