// Transfer from one coroutine to the next, and resuming one inside another's await_ready.
//
// Weir's optimised builds let a chain of ready tasks transfer without growing the stack; builds
// that cannot (below -O2 in GCC, or under a sanitizer) resume through the run queue instead.
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "probe.hpp"

namespace probe {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

// GCC makes the call a tail call from -O2 on and has no macro that tells -O1 from -O2; the
// configurations that weir optimises fully also define NDEBUG.
#if defined(__OPTIMIZE__) && defined(NDEBUG)
constexpr bool optimized = true;
#else
constexpr bool optimized = false;
#endif

[[gnu::noinline]] std::uintptr_t stack_pointer() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

job hops(int left, std::uintptr_t& deepest) {
    deepest = stack_pointer();
    if (left == 0) co_return 0;
    const int below = co_await hops(left - 1, deepest);
    co_return below + 1;
}

std::size_t stack_used_by(int hop_count) {
    const std::uintptr_t top = stack_pointer();
    std::uintptr_t deepest = top;
    const int counted = run(hops(hop_count, deepest)).result;
    EXPECT_EQ(counted, hop_count);
    return static_cast<std::size_t>(top > deepest ? top - deepest : deepest - top);
}

TEST(symmetric_transfer, does_not_grow_the_stack_where_weir_relies_on_it) {
    const std::size_t few = stack_used_by(10);
    const std::size_t many = stack_used_by(1000);
    const bool tail_call = many < few + 1024;
    note("symmetric transfer is a tail call", tail_call);
    if (optimized && !sanitized) {
        EXPECT_TRUE(tail_call) << many << " bytes for 1,000 transfers";
    }
}

// A child that can finish at once is run inside await_ready; its parent then never suspends.
class run_at_once {
public:
    explicit run_at_once(job child) noexcept : child_{std::move(child)} {}
    run_at_once(const run_at_once&) = delete;
    run_at_once& operator=(const run_at_once&) = delete;

    bool await_ready() {
        start(std::move(child_), end_);
        return end_.finished;
    }
    void await_suspend(std::coroutine_handle<>) const noexcept { std::terminate(); }
    int await_resume() const noexcept { return end_.result; }

private:
    job child_;
    outcome end_;
};

class child_at_once {
public:
    explicit child_at_once(job child) noexcept : child_{std::move(child)} {}
    run_at_once wait() noexcept { return run_at_once{std::move(child_)}; }

private:
    job child_;
};

job finishes_at_once(guest parameter, bool early) {
    guest local{1};
    co_await leave{-1, early};
    co_return local.number() + parameter.number();
}

job nested(int levels, bool early) {
    guest local{1};
    child_at_once child{levels == 0 ? finishes_at_once(guest{2}, early)
                                    : nested(levels - 1, early)};
    const int below = co_await child;
    co_await leave{below - 1, early};
    co_return below + local.number();
}

TEST(nested_resume, inside_await_ready_lets_the_parent_go_on) {
    ledger() = {};
    EXPECT_EQ(run(nested(0, false)).result, 4);
    EXPECT_EQ(run(nested(20, false)).result, 24);
    EXPECT_TRUE(ledger().sound());
}

TEST(nested_resume, survives_children_that_destroy_themselves) {
    ledger() = {};
    EXPECT_EQ(run(nested(0, true)).result, -2);
    EXPECT_EQ(run(nested(20, true)).result, -22);
    EXPECT_TRUE(ledger().sound());
}

}  // namespace
}  // namespace probe
