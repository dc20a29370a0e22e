#include <algorithm>

#include <gtest/gtest.h>

#include "ours.hpp"
#include "task/driver.hpp"
#include "tutorial.hpp"

namespace guide::backpressure {
namespace {

// How many of a hundred jobs ran at one time, where four was the limit.
template <class Form>
int most_at_once() {
    load load;
    weir::flow::semaphore limit{4};
    weir::driver driver;
    for (int i = 0; i < 100; ++i) driver.scope().spawn(Form::submit(limit, driver.scope(), load));
    driver.run();
    EXPECT_EQ(load.done, 100);
    return load.most;
}

template <class Queue>
weir::task<> produce(Queue& into, int items) {
    for (int item = 0; item < items; ++item) co_await into.push(item);
}

template <class Queue>
weir::task<> consume(Queue& from, int items, std::size_t& longest) {
    while (items > 0) {
        longest = std::max(longest, from.size());
        if (from.try_pop()) --items;
        (void)co_await weir::sleep(std::chrono::milliseconds{1});
    }
}

// How long the queue grew while a producer was faster than its consumer.
template <class Queue>
std::size_t longest_queue() {
    Queue queue;
    std::size_t longest = 0;
    weir::driver driver;
    driver.scope().spawn(produce(queue, 10'000));
    driver.scope().spawn(consume(queue, 10'000, longest));
    driver.run();
    EXPECT_EQ(queue.size(), 0U) << "everything was consumed";
    return longest;
}

TEST(guide_backpressure, a_permit_that_ends_when_the_job_is_handed_on_bounds_nothing) {
    EXPECT_EQ(most_at_once<permit_until_handed_on>(), 100);
}

TEST(guide_backpressure, a_permit_that_goes_with_the_job_bounds_what_runs) {
    EXPECT_EQ(most_at_once<permit_until_done>(), 4);
}

TEST(guide_backpressure, a_queue_that_never_makes_anybody_wait_holds_everything) {
    EXPECT_EQ(longest_queue<queue_without_end>(), 10'000U);
}

TEST(guide_backpressure, a_channel_makes_the_producer_as_slow_as_the_consumer) {
    EXPECT_EQ(longest_queue<queue_of_four>(), 4U);
}

}  // namespace
}  // namespace guide::backpressure
