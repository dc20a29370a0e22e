// A heap that refuses one request, whichever of all that an engine has for operations that it is
// given beside those which hundreds of idle connections have pending.
#include <cerrno>
#include <memory>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"

#include "io/counted_ops.hpp"
#include "io/refused_memory.hpp"
#include "io/transport_ops.hpp"
#include "io/world.hpp"
#include "support/ring_faults.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

using idle_ends = std::vector<std::unique_ptr<transport>>;
// Made beforehand, so that nothing but the engine asks for memory where they start.
template <class Op>
using op_places = std::vector<std::unique_ptr<std::optional<Op>>>;

task<result<idle_ends>> make_idle_ends(world& world, std::size_t links) {
    idle_ends made;
    for (std::size_t i = 0; i < links; ++i) {
        auto pair = co_await or_return(world.make_link());
        made.push_back(std::move(pair.near));
        made.push_back(std::move(pair.far));
    }
    co_return made;
}

template <class Op>
op_places<Op> op_places_for(std::size_t count) {
    op_places<Op> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(std::make_unique<std::optional<Op>>());
    return made;
}

template <class Op>
void start_all(const idle_ends& ends, op_places<Op>& ops) noexcept {
    for (std::size_t i = 0; i < ends.size(); ++i) ops[i]->emplace(*ends[i]);
}

template <class Op>
int count_refused(const op_places<Op>& ops) {
    int count = 0;
    for (const auto& op : ops) {
        if ((*op)->ends() == 0) continue;
        EXPECT_EQ((*op)->status(), errc::out_of_memory);
        ++count;
    }
    return count;
}

template <class Op>
task<result<>> all_have_ended_well(const op_places<Op>& ops) {
    int differ = 0;
    for (const auto& op : ops) {
        while ((*op)->ends() == 0) co_await or_return(sleep(1ms));
        if ((*op)->status() != errc{}) ++differ;
    }
    EXPECT_EQ(differ, 0);
    co_return {};
}

// Each gets a byte; who was refused asks again first.
task<result<>> all_are_served(const idle_ends& ends, op_places<counted_receive_into>& received) {
    for (std::size_t i = 0; i < ends.size(); ++i)
        if ((*received[i])->ends() != 0) received[i]->emplace(*ends[i]);
    auto sent = op_places_for<counted_send>(ends.size());
    start_all(ends, sent);
    co_await or_return(all_have_ended_well(sent));
    co_await or_return(all_have_ended_well(received));
    co_return {};
}

// A receive and a watch at each of 300 ends.
task<result<>> idles_in_vain(world& world, memory_refusal& next) {
    const idle_ends ends = co_await or_return(make_idle_ends(world, 150));
    auto watches = op_places_for<counted_watch>(ends.size());
    auto received = op_places_for<counted_receive_into>(ends.size());
    next.begin();
    start_all(ends, watches);
    start_all(ends, received);
    next.end();
    EXPECT_EQ(count_refused(watches) + count_refused(received), next.came ? 1 : 0) << next.granted;
    co_await or_return(all_are_served(ends, received));
    co_return {};
}

class idle_memory : public refused_memory {};

INSTANTIATE_TEST_SUITE_P(on, idle_memory, testing::Values("uring", "epoll"), name_of);

// BEHAVIOUR.md, Process, "bad_alloc anywhere".
TEST_P(idle_memory, costs_one_of_six_hundred_operations_and_no_other) {
    const auto refusals =
        sweep([this](memory_refusal& next) { run(idles_in_vain(*world_, next)); });
    EXPECT_EQ(refusals > 0, world_->engine().name() == "uring");
}

// Above what a ring's queue has entries for, of a kernel that takes none of them.
task<result<>> is_held_in_vain(world& world, memory_refusal& next) {
    const idle_ends ends = co_await or_return(make_idle_ends(world, 270));
    auto watches = op_places_for<counted_watch>(ends.size());
    auto received = op_places_for<counted_receive_into>(ends.size());
    {
        test::ring_faults faults;
        faults.fail_submits(EAGAIN);
        next.begin();
        start_all(ends, watches);
        start_all(ends, received);
        next.end();
        for (int turn = 0; turn < 3; ++turn) co_await yield();
    }
    EXPECT_EQ(count_refused(watches) + count_refused(received), next.came ? 1 : 0) << next.granted;
    co_await or_return(all_are_served(ends, received));
    co_return {};
}

TEST_P(idle_memory, costs_one_of_those_that_the_kernel_does_not_take_and_no_other) {
    const auto refusals =
        sweep([this](memory_refusal& next) { run(is_held_in_vain(*world_, next)); });
    EXPECT_EQ(refusals > 4, world_->engine().name() == "uring");
}

class full_ring_memory : public idle_memory {};

INSTANTIATE_TEST_SUITE_P(on, full_ring_memory, testing::Values("uring"), name_of);

constexpr std::size_t first_canceled = 100;
constexpr std::size_t end_of_canceled = 130;

// Of those that have been canceled, too, each gets a byte that is sent from now on.
task<result<>> canceled_go_on(const idle_ends& ends, op_places<counted_receive_into>& received,
                              op_places<counted_send>& sent) {
    for (std::size_t i = first_canceled; i < end_of_canceled; ++i) {
        for (int turns = 0; (*received[i])->ends() + (*sent[i])->ends() < 2 && turns < 1000;
             ++turns)
            co_await or_return(sleep(1ms));
        for (const errc status : {(*received[i])->status(), (*sent[i])->status()})
            EXPECT_TRUE(status == errc{} || status == errc::canceled) << to_string(status);
        EXPECT_EQ((*received[i])->ends() + (*sent[i])->ends(), 2);
    }
    for (std::size_t i = first_canceled; i < end_of_canceled; ++i) {
        received[i]->emplace(*ends[i]);
        sent[i]->emplace(*ends[i]);
    }
    co_await or_return(all_have_ended_well(sent));
    co_await or_return(all_have_ended_well(received));
    co_return {};
}

// Receives that the kernel has, and sends that it has not.
task<result<>> cancels_in_vain(world& world, memory_refusal& next) {
    const idle_ends ends = co_await or_return(make_idle_ends(world, 260));
    auto received = op_places_for<counted_receive_into>(ends.size());
    start_all(ends, received);
    co_await or_return(sleep(1ms));
    auto watches = op_places_for<counted_watch>(ends.size());
    auto sent = op_places_for<counted_send>(ends.size());
    {
        test::ring_faults faults;
        faults.fail_submits(EAGAIN);
        start_all(ends, watches);
        start_all(ends, sent);
        next.begin();
        for (std::size_t i = first_canceled; i < end_of_canceled; ++i) {
            (*sent[i])->cancel();
            (*received[i])->cancel();
        }
        next.end();
    }
    co_await or_return(canceled_go_on(ends, received, sent));
    co_return {};
}

TEST_P(full_ring_memory, costs_no_cancellation_its_end) {
    EXPECT_GT(sweep([this](memory_refusal& next) { run(cancels_in_vain(*world_, next)); }), 4U);
}

}  // namespace
}  // namespace weir::inline v0::io
