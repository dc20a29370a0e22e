// Narrows the deadline for everything under one operation.
//
// When the time has come, every wait below ends with errc::timed_out; the operation is then awaited
// to its end and its own outcome is the answer: what finished in time is never thrown away. Costs
// one timer, however many waits there are below.
#pragma once

#include <utility>

#include "weir/task/task.hpp"

namespace weir::inline v0 {

class deadline_node final : timer {
public:
    // Whether the outer stop and its deadline reach it.
    struct below {};
    struct apart {};

    deadline_node(below, time_point deadline, const environment& outer) noexcept
        : node_{outer.stop(), deadline}, env_{outer, node_} {
        arm(deadline, outer);
    }
    deadline_node(apart, time_point deadline, const environment& outer) noexcept
        : node_{deadline}, env_{outer, node_} {
        arm(deadline, outer);
    }
    deadline_node(time_point deadline, const environment& outer) noexcept
        : deadline_node{below{}, deadline, outer} {}

    const environment& env() const noexcept { return env_; }
    void disarm() noexcept { timer::unlink(); }

private:
    void arm(time_point deadline, const environment& outer) noexcept {
        if (deadline > outer.now()) {
            outer.scheduler().arm(*this, deadline);
        } else {
            node_.request(errc::timed_out);
        }
    }

    void on_expiry() noexcept override { node_.request(errc::timed_out); }

    stop_node node_;
    environment env_;
};

template <class Awaitable, class Place>
class deadline_awaiter final {
    using inner_awaiter =
        decltype(std::declval<Awaitable&&>().await_with(std::declval<const environment&>()));

public:
    deadline_awaiter(Awaitable&& operand, time_point deadline, const environment& outer)
        : node_{Place{}, deadline, outer},
          inner_(std::forward<Awaitable>(operand).await_with(node_.env())) {}

    bool await_ready() { return inner_.await_ready(); }
    void await_suspend(continuation then) { inner_.await_suspend(then); }
    decltype(auto) await_resume() {
        node_.disarm();
        return inner_.await_resume();
    }
    bool failed() noexcept { return inner_.failed(); }
    error take_error() noexcept { return inner_.take_error(); }

private:
    deadline_node node_;
    inner_awaiter inner_;
};

template <class Awaitable, class Place = deadline_node::below>
class [[nodiscard("nothing happens until it is awaited")]] deadline_operand {
public:
    deadline_operand(time_point deadline, duration wait, Awaitable&& operand) noexcept
        : deadline_{deadline}, wait_{wait}, operand_{std::forward<Awaitable>(operand)} {}

    deadline_awaiter<Awaitable, Place> await_with(const environment& env) && {
        const time_point deadline = deadline_ == never ? after(env.now(), wait_) : deadline_;
        return deadline_awaiter<Awaitable, Place>(std::forward<Awaitable>(operand_), deadline, env);
    }

private:
    time_point deadline_;
    duration wait_;
    Awaitable&& operand_;
};

// To be awaited in the same expression: `co_await with_timeout(2s, op())`.
template <awaitable Awaitable>
deadline_operand<Awaitable> with_timeout(duration wait, Awaitable&& operand) noexcept {
    return {never, wait, std::forward<Awaitable>(operand)};
}

template <awaitable Awaitable>
deadline_operand<Awaitable> with_deadline(time_point deadline, Awaitable&& operand) noexcept {
    return {deadline, duration::max(), std::forward<Awaitable>(operand)};
}

}  // namespace weir::inline v0
