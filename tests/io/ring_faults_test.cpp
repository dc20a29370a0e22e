// What the uring engine does when the kernel does not take what it is handed, or a signal ends a
// synchronous cancellation.
#include "support/ring_faults.hpp"

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"

#include "io/counted_ops.hpp"
#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

class ring_faults_test : public world_test<engine_world> {
protected:
    test::ring_faults faults_;
};

INSTANTIATE_TEST_SUITE_P(on, ring_faults_test, testing::Values("uring"), name_of);

// A byte that comes now is for the next receive, not for one that is gone.
task<result<>> next_gets_it(link& pair) {
    co_await or_return(send_text(*pair.far, "n"));
    const auto got = co_await or_return(receive_text(*pair.near, 1));
    EXPECT_EQ(got, "n");
    co_return {};
}

task<result<>> interrupted_cancel(world& world, test::ring_faults& faults) {
    auto pair = co_await or_return(world.make_link());
    std::optional<counted_receive_into> gone{std::in_place, *pair.near};
    co_await or_return(sleep(1ms));
    faults.fail_cancels(3, EINTR);
    gone.reset();
    EXPECT_EQ(faults.cancels_failed(), 3);
    co_await or_return(next_gets_it(pair));
    co_return {};
}

TEST_P(ring_faults_test, a_cancellation_is_repeated_after_a_signal) {
    run(interrupted_cancel(*world_, faults_));
}

task<result<>> unsubmitted_cancel(world& world, test::ring_faults& faults) {
    auto pair = co_await or_return(world.make_link());
    co_await or_return(sleep(1ms));
    faults.fail_submits(EAGAIN);
    {
        const counted_receive_into gone{*pair.near};
    }
    faults.fail_submits(0);
    co_await or_return(next_gets_it(pair));
    co_return {};
}

TEST_P(ring_faults_test, what_was_never_submitted_is_canceled_all_the_same) {
    run(unsubmitted_cancel(*world_, faults_));
}

task<result<>> refused_hand_over(world& world, test::ring_faults& faults) {
    auto pair = co_await or_return(world.make_link());
    co_await or_return(sleep(1ms));
    faults.fail_submits(EAGAIN);
    const counted_receive_into received{*pair.near};
    const counted_send sent{*pair.far};
    for (int turn = 0; turn < 5; ++turn) co_await yield();
    faults.fail_submits(0);
    EXPECT_GE(faults.submits_failed(), 4);
    while (received.ends() == 0 || sent.ends() == 0) co_await or_return(sleep(1ms));
    EXPECT_EQ(received.ends() + sent.ends(), 2);
    co_return {};
}

TEST_P(ring_faults_test, what_the_kernel_did_not_take_is_handed_over_again) {
    run(refused_hand_over(*world_, faults_));
}

// More sends that nobody waits for than go at once, and a wait that is not to end with theirs.
task<result<>> refused_wait(world& world, test::ring_faults& faults) {
    constexpr std::size_t many = 6;
    std::vector<link> pairs;
    for (std::size_t i = 0; i < many; ++i) pairs.push_back(co_await or_return(world.make_link()));
    co_await or_return(sleep(1ms));
    faults.fail_submits(EAGAIN);
    std::string word{"w"};
    std::array<piece, many> pieces;
    std::array<std::optional<unawaited_send>, many> sent;
    for (std::size_t i = 0; i < many; ++i) {
        pieces[i] = piece{word.data(), word.size()};
        sent[i].emplace(*pairs[i].near, std::span{&pieces[i], 1});
    }
    EXPECT_TRUE(sent.back()->pending());
    co_await or_return(sleep(20ms));
    EXPECT_GT(faults.limited_waits_failed(), 0);
    EXPECT_LE(faults.submits_failed(), 30) << "a pause between each and the next";
    faults.fail_submits(0);
    for (std::size_t i = 0; i < many; ++i) {
        const auto got = co_await or_return(receive_text(*pairs[i].far, 1));
        EXPECT_EQ(got, word);
        while (sent[i]->pending()) co_await or_return(sleep(1ms));
        EXPECT_TRUE(sent[i]->done());
    }
    co_return {};
}

TEST_P(ring_faults_test, what_nobody_waits_for_is_handed_over_after_a_refused_wait) {
    run(refused_wait(*world_, faults_));
}

}  // namespace
}  // namespace weir::inline v0::io
