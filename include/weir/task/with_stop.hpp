// Runs one operation under a stop of its own, which somebody else may request.
//
//     stop_node stop{env.stop()};                     // where the other one finds it
//     auto rows = co_await with_stop(stop, query());  // canceled where it was requested
//
// As with a deadline, the operation is awaited to its end, and its own outcome is the answer.
#pragma once

#include <utility>

#include "weir/task/task.hpp"

namespace weir::inline v0 {

template <class Awaitable>
class stoppable_awaiter final {
    using inner_awaiter =
        decltype(std::declval<Awaitable&&>().await_with(std::declval<const environment&>()));

public:
    stoppable_awaiter(Awaitable&& operand, stop_node& stop, const environment& outer)
        : env_{outer, stop}, inner_(std::forward<Awaitable>(operand).await_with(env_)) {}

    bool await_ready() { return inner_.await_ready(); }
    void await_suspend(continuation then) { inner_.await_suspend(then); }
    decltype(auto) await_resume() { return inner_.await_resume(); }
    bool failed() noexcept { return inner_.failed(); }
    error take_error() noexcept { return inner_.take_error(); }

private:
    environment env_;
    inner_awaiter inner_;
};

template <class Awaitable>
class [[nodiscard]] stoppable_operand {
public:
    stoppable_operand(stop_node& stop, Awaitable&& operand) noexcept
        : stop_{&stop}, operand_{std::forward<Awaitable>(operand)} {}

    stoppable_awaiter<Awaitable> await_with(const environment& env) && {
        return stoppable_awaiter<Awaitable>(std::forward<Awaitable>(operand_), *stop_, env);
    }

private:
    stop_node* stop_;
    Awaitable&& operand_;
};

// To be awaited in the same expression. Lifetime: the stop, a node below the awaiting task's own,
// outlives the wait.
template <awaitable Awaitable>
stoppable_operand<Awaitable> with_stop(stop_node& stop, Awaitable&& operand) noexcept {
    return {stop, std::forward<Awaitable>(operand)};
}

}  // namespace weir::inline v0
