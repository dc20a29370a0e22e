// GCC 12 misplaces the frame of a coroutine that has no local variable and awaits a temporary in a
// condition. task.hpp ends the process where it meets one; here the compiler says whether it does
// it.
#include <coroutine>
#include <cstdint>
#include <cstdio>

#include <gtest/gtest.h>

namespace {

struct outcome {
    ~outcome() { (void)this; }
    explicit operator bool() const { return true; }
};

struct at_once {
    at_once() noexcept = default;
    ~at_once() { (void)this; }
    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    outcome await_resume() const noexcept { return {}; }
};

struct started {
    struct promise_type {
        started get_return_object() noexcept {
            const auto self = std::coroutine_handle<promise_type>::from_promise(*this);
            return {reinterpret_cast<std::uintptr_t>(self.address())};
        }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept {}
    };
    std::uintptr_t frame;  // where it was
};

started awaits_in_a_condition(int& count) {
    if (co_await at_once{}) ++count;
}

TEST(toolchain, tells_whether_a_condition_without_locals_misplaces_the_frame) {
    int count = 0;
    const started ran = awaits_in_a_condition(count);
    const bool sound = (ran.frame & 15U) == 0;
    std::printf("toolchain: a temporary awaited in a condition, no locals: %s\n",
                sound ? "sound" : "BROKEN");
    EXPECT_EQ(count, 1) << "what starts at once runs all the same";
}

}  // namespace
