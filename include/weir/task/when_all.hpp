// Runs tasks side by side on this loop and waits for all of them.
//
// A stop of the awaiting task reaches each of them; one that fails does not stop the others (use a
// task_scope for that). An exception is rethrown after all have ended, the first in order.
#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

#include "weir/task/part.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0 {

// Counts the parts that still run and keeps what goes on after the last.
class countdown {
public:
    explicit countdown(std::size_t parts) noexcept : left_{parts} {}

    bool ended() const noexcept { return left_ == 0; }
    void park(continuation then) noexcept {
        then_ = then;
        parked_ = true;
    }
    std::coroutine_handle<> one_done(std::size_t) noexcept {
        if (--left_ > 0 || !parked_) return std::noop_coroutine();
        return then_.next();
    }

private:
    std::size_t left_;
    continuation then_;
    bool parked_ = false;
};

template <class... Ts>
class when_all_awaiter final {
public:
    when_all_awaiter(std::tuple<task<Ts>...>&& tasks, const environment& env) noexcept
        : when_all_awaiter{std::move(tasks), env, std::index_sequence_for<Ts...>{}} {}

    bool await_ready() {
        std::apply([](auto&... each) { (each.start(), ...); }, parts_);
        return done_.ended();
    }
    void await_suspend(continuation then) noexcept { done_.park(then); }
    std::tuple<typename completion<Ts>::stored...> await_resume() {
        return std::apply(
            [](auto&... each) {
                return std::tuple<typename completion<Ts>::stored...>{each.outcome()...};
            },
            parts_);
    }

private:
    template <std::size_t... Index>
    when_all_awaiter(std::tuple<task<Ts>...>&& tasks, const environment& env,
                     std::index_sequence<Index...>) noexcept
        : parts_{part_seed<Ts, countdown>{std::move(std::get<Index>(tasks)), &env, &done_,
                                          Index}...} {}

    countdown done_{sizeof...(Ts)};
    std::tuple<part<Ts, countdown>...> parts_;
};

template <class... Ts>
class [[nodiscard("nothing happens until it is awaited")]] when_all_operand {
public:
    explicit when_all_operand(task<Ts>&&... tasks) noexcept : tasks_{std::move(tasks)...} {}

    when_all_awaiter<Ts...> await_with(const environment& env) && noexcept {
        return {std::move(tasks_), env};
    }

private:
    std::tuple<task<Ts>...> tasks_;
};

// Answers with a tuple of the outcomes, std::monostate for a task<void>.
template <class... Ts>
when_all_operand<Ts...> when_all(task<Ts>... tasks) noexcept {
    return when_all_operand<Ts...>{std::move(tasks)...};
}

}  // namespace weir::inline v0
