// More in one turn than a ring's queue has entries (1,024), and more that has finished than it has
// room for (4,096), before the loop turns again.
#include <cerrno>
#include <memory>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "weir/task/sleep.hpp"

#include "io/counted_ops.hpp"
#include "io/transport_ops.hpp"
#include "io/world.hpp"
#include "support/ring_faults.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t link_count = 3'000;

class full_queue_test : public world_test<engine_world> {
protected:
    void SetUp() override {
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
        if (limit.rlim_cur < 2 * link_count + 100) {
            GTEST_SKIP() << "at most " << limit.rlim_cur << " descriptors here";
        }
        world_test::SetUp();
    }
};

INSTANTIATE_TEST_SUITE_P(on, full_queue_test, testing::Values("uring", "epoll"), name_of);

task<result<std::vector<std::unique_ptr<transport>>>> make_ends(engine& engine) {
    std::vector<std::unique_ptr<transport>> ends;
    auto place = co_await or_return(listen_here(engine));
    for (std::size_t i = 0; i < link_count; ++i) {
        auto near = co_await or_return(dial(engine, place->local()));
        auto far = co_await or_return(take(engine, *place));
        ends.push_back(std::move(near));
        ends.push_back(std::move(far));
    }
    co_return ends;
}

template <class Op>
std::vector<std::unique_ptr<Op>> start_at_each(
    const std::vector<std::unique_ptr<transport>>& ends) {
    std::vector<std::unique_ptr<Op>> started;
    for (const auto& end : ends) started.push_back(std::make_unique<Op>(*end));
    return started;
}

template <class Op>
task<result<>> all_end_once(const std::vector<std::unique_ptr<Op>>& all) {
    for (const auto& each : all) {
        while (each->ends() == 0) co_await or_return(sleep(1ms));
    }
    co_await or_return(sleep(10ms));  // in which one could come again
    for (const auto& each : all) {
        EXPECT_EQ(each->ends(), 1);
        EXPECT_EQ(each->status(), errc{});
    }
    co_return {};
}

// Receives first, in one turn; sends to all of them in a later one.
template <class Receive>
task<result<>> receives_then_sends(engine& engine) {
    const auto ends = co_await or_return(make_ends(engine));
    const auto received = start_at_each<Receive>(ends);
    co_await or_return(sleep(1ms));
    for (const auto& each : received) EXPECT_EQ(each->ends(), 0);
    const test::ring_faults none;
    const auto sent = start_at_each<counted_send>(ends);
    EXPECT_EQ(none.overflowed(), engine.name() == "uring");
    co_await or_return(all_end_once(sent));
    co_await or_return(all_end_once(received));
    co_return {};
}

TEST_P(full_queue_test, six_thousand_receives_and_sends_in_a_turn_each_end_once) {
    run(receives_then_sends<counted_receive_into>(world_->engine()));
}

// With 64 buffers in the ring, and fewer slabs than receives.
TEST_P(full_queue_test, six_thousand_receives_end_once_though_slabs_are_few) {
    run(receives_then_sends<counted_receive>(world_->engine()));
}

// What waits in the queue when its memory goes, in front of and behind what the kernel has taken.
task<result<>> destroys_in_the_same_turn(engine& engine) {
    const auto ends = co_await or_return(make_ends(engine));
    {
        const auto gone = start_at_each<counted_receive_into>(ends);
    }
    const auto received = start_at_each<counted_receive_into>(ends);
    const auto sent = start_at_each<counted_send>(ends);
    co_await or_return(all_end_once(sent));
    co_await or_return(all_end_once(received));
    co_return {};
}

TEST_P(full_queue_test, what_is_destroyed_in_the_turn_it_began_in_takes_nothing) {
    run(destroys_in_the_same_turn(world_->engine()));
}

// The queue is full and the kernel has no memory for more of it. What has come by then is not for
// those who are gone.
task<result<>> starts_while_refused(engine& engine) {
    const auto ends = co_await or_return(make_ends(engine));
    const auto sent = start_at_each<counted_send>(ends);
    co_await or_return(all_end_once(sent));
    test::ring_faults faults;
    faults.fail_submits(EAGAIN);
    {
        const auto gone = start_at_each<counted_receive_into>(ends);
    }
    const auto received = start_at_each<counted_receive_into>(ends);
    for (int turn = 0; turn < 5; ++turn) co_await yield();
    faults.fail_submits(0);
    co_await or_return(all_end_once(received));
    co_return {};
}

class full_ring_test : public full_queue_test {};

INSTANTIATE_TEST_SUITE_P(on, full_ring_test, testing::Values("uring"), name_of);

TEST_P(full_ring_test, what_the_kernel_has_no_memory_for_is_held_and_ends_once) {
    run(starts_while_refused(world_->engine()));
}

}  // namespace
}  // namespace weir::inline v0::io
