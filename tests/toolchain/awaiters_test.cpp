// How a compiler builds the awaiter itself: in place, once, and at one address.
#include <type_traits>

#include <gtest/gtest.h>

#include "probe.hpp"

namespace probe {
namespace {

// An awaiter that links itself into a queue must not move between await_ready and await_resume.
class stays_put {
public:
    explicit stays_put(bool ready) noexcept : ready_{ready}, self_{this} {}
    stays_put(const stays_put&) = delete;
    stays_put& operator=(const stays_put&) = delete;
    bool await_ready() const noexcept { return self_ == this && ready_; }
    bool await_suspend(std::coroutine_handle<>) noexcept {
        suspended_at_ = this;
        return false;
    }
    bool await_resume() const noexcept {
        return self_ == this && (ready_ || suspended_at_ == this);
    }

private:
    bool ready_;
    const stays_put* self_;
    const stays_put* suspended_at_ = nullptr;
};

static_assert(!std::is_move_constructible_v<stays_put>);

class awaits_in_place {
public:
    explicit awaits_in_place(bool ready) noexcept : ready_{ready} {}
    stays_put wait() const noexcept { return stays_put{ready_}; }

private:
    bool ready_;
};

job awaits_both_ways() {
    awaits_in_place ready{true};
    awaits_in_place waits{false};
    if (!co_await ready) co_return 1;
    if (!co_await waits) co_return 2;
    co_return 0;
}

TEST(awaiter, that_cannot_move_is_built_in_place_by_await_transform) {
    EXPECT_EQ(run(awaits_both_ways()).result, 0);
}

// An ordinary coroutine type: awaits what it is given, through operator co_await or directly.
struct plain {
    struct promise_type {
        plain get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }
    };
};

struct by_operator {
    stays_put operator co_await() const noexcept { return stays_put{false}; }
};

plain awaits_by_operator(bool& in_place) { in_place = co_await by_operator(); }
plain awaits_named(bool& in_place) {
    stays_put named{false};
    in_place = co_await named;
}
plain awaits_prvalue(bool& in_place) { in_place = co_await stays_put(false); }

TEST(awaiter, that_cannot_move_is_built_in_place_without_a_transform) {
    bool in_place = false;
    awaits_by_operator(in_place);
    EXPECT_TRUE(in_place);
    in_place = false;
    awaits_named(in_place);
    EXPECT_TRUE(in_place);
    in_place = false;
    awaits_prvalue(in_place);
    EXPECT_TRUE(in_place);
}

// GCC 12 copies an awaiter that await_transform or operator co_await returns by reference: what it
// then stores in itself is lost. Weir's awaiters do not copy, so that such code does not compile.
struct copies {
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<>) noexcept {
        used = this;
        return false;
    }
    void await_resume() const noexcept {}
    const copies* used = nullptr;
};

struct by_reference {
    copies& operator co_await() const noexcept { return *target; }
    copies* target;
};

plain awaits_by_reference(copies& target) {
    const by_reference named{&target};
    co_await named;
}

TEST(awaiter, is_never_returned_by_reference_because) {
    copies target;
    awaits_by_reference(target);
    note("operator co_await that returns a reference", target.used == &target);
}

}  // namespace
}  // namespace probe
