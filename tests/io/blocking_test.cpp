// Work on threads, and who destroys it.
#include "weir/io/blocking.hpp"

#include <chrono>
#include <latch>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "weir/task/with_timeout.hpp"

#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

task<result<>> give_up(blocking_pool& threads, std::shared_ptr<int> owned, std::latch& until) {
    auto work = [owned = std::move(owned), &until]() -> result<> {
        until.wait();
        return {};
    };
    auto working = run_blocking(threads, std::move(work));
    const auto outcome = co_await with_timeout(10ms, std::move(working));
    EXPECT_EQ(outcome.error(), errc::timed_out);
    co_return {};
}

TEST(abandoned_work, is_destroyed_when_it_ends_though_its_loop_turns_no_more) {
    engine_world world{"epoll", 16};
    blocking_pool threads{blocking_options{}};
    std::latch until{1};
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> alive = owned;
    world.run(give_up(threads, std::move(owned), until));
    EXPECT_FALSE(alive.expired());
    until.count_down();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!alive.expired() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_TRUE(alive.expired());
}

}  // namespace
}  // namespace weir::inline v0::io
