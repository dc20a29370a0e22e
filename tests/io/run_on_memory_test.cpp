// A heap that refuses one request, whichever of all that a task on another loop needs there.
#include <latch>

#include <gtest/gtest.h>
#include <pthread.h>

#include "weir/io/run_on.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "support/allocations.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

// Asked from outside its loop's tasks, so that the loop has no memory left over from them.
class thread_question final : public runnable {
public:
    pthread_t ask(scheduler& on) {
        on.post(*this);
        answered_.wait();
        return thread_;
    }
    void run() noexcept override {
        thread_ = ::pthread_self();
        answered_.count_down();
    }

private:
    pthread_t thread_{};
    std::latch answered_{1};
};

task<result<>> waits_a_little() {
    co_await yield();
    co_return result<>{};
}

struct refusal {
    std::uint64_t granted = 0;  // before it
    bool came = true;
};

task<> asks_in_vain(runtime& runtime, refusal& of) {
    scheduler& there = runtime.at(1).scheduler();
    // The second one comes when a whole turn has ended: the engine has what it begins with.
    thread_question first, second;
    (void)first.ask(there);
    heap::refuse_one(second.ask(there), of.granted);
    run_on refused{runtime.at(1), waits_a_little};
    const auto outcome = co_await with_timeout(10s, std::move(refused));
    of.came = heap::refuse_none();
    EXPECT_EQ(outcome.has_value(), !of.came) << of.granted;
    EXPECT_TRUE(outcome || outcome.error() == errc::out_of_memory) << of.granted;
    run_on again{runtime.at(1), waits_a_little};
    EXPECT_TRUE(co_await std::move(again));
}

// BEHAVIOUR.md, Process, "bad_alloc anywhere".
TEST(run_on, answers_where_the_other_loop_has_no_memory_for_its_task) {
    if constexpr (!heap::counted) GTEST_SKIP() << "the heap is a sanitizer's";
    refusal next;
    for (; next.came && !HasFailure(); ++next.granted) {
        runtime_options two_loops;
        two_loops.loops = 2;
        runtime runtime{two_loops};
        runtime.run(asks_in_vain(runtime, next));
    }
    EXPECT_GT(next.granted, 2U) << "no test of anything";
}

}  // namespace
}  // namespace weir::inline v0::io
