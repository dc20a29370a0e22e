// Runs tasks side by side on this loop until one of them has ended.
//
// The others are then stopped, and awaited: when it answers, none of them runs any more, and what
// they had still finished is not lost. A stop of the awaiting task reaches each of them. An
// exception counts as an end, and is rethrown after all have ended, the first in order.
//
//     auto [first, outcomes] = co_await when_any(from_cache(key), from_database(key));
//     auto& [cached, stored] = outcomes;  // the loser's is mostly errc::canceled
#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

#include "weir/task/part.hpp"
#include "weir/task/task.hpp"
#include "weir/task/when_all.hpp"

namespace weir::inline v0 {

// The parts' environment: a stop of their own, requested when the first has ended.
class race {
public:
    race(std::size_t parts, const environment& outer) noexcept
        : stop_{outer.stop()}, env_{outer.scheduler(), stop_}, left_{parts}, first_{parts} {}

    const environment& env() const noexcept { return env_; }
    std::size_t first() const noexcept { return first_; }
    bool ended() const noexcept { return left_.ended(); }
    void park(continuation then) noexcept { left_.park(then); }
    std::coroutine_handle<> one_done(std::size_t index) noexcept {
        if (!decided_) {
            decided_ = true;
            first_ = index;
            stop_.request();
        }
        return left_.one_done(index);
    }

private:
    stop_node stop_;
    environment env_;
    countdown left_;
    std::size_t first_;
    bool decided_ = false;
};

// Which task ended first, counted from 0, and what each ended with: std::monostate for a
// task<void>.
template <class... Ts>
struct race_result {
    std::size_t first;
    std::tuple<typename completion<Ts>::stored...> outcomes;
};

template <class... Ts>
class when_any_awaiter final {
public:
    when_any_awaiter(std::tuple<task<Ts>...>&& tasks, const environment& env) noexcept
        : when_any_awaiter{std::move(tasks), env, std::index_sequence_for<Ts...>{}} {}

    bool await_ready() {
        std::apply([](auto&... each) { (each.start(), ...); }, parts_);
        return race_.ended();
    }
    void await_suspend(continuation then) noexcept { race_.park(then); }
    race_result<Ts...> await_resume() {
        return std::apply(
            [this](auto&... each) {
                return race_result<Ts...>{race_.first(), {each.outcome()...}};
            },
            parts_);
    }

private:
    template <std::size_t... Index>
    when_any_awaiter(std::tuple<task<Ts>...>&& tasks, const environment& env,
                     std::index_sequence<Index...>) noexcept
        : race_{sizeof...(Ts), env},
          parts_{part_seed<Ts, race>{std::move(std::get<Index>(tasks)), &race_.env(), &race_,
                                     Index}...} {}

    race race_;
    std::tuple<part<Ts, race>...> parts_;
};

template <class... Ts>
class [[nodiscard("nothing happens until it is awaited")]] when_any_operand {
public:
    explicit when_any_operand(task<Ts>&&... tasks) noexcept : tasks_{std::move(tasks)...} {}

    when_any_awaiter<Ts...> await_with(const environment& env) && noexcept {
        return {std::move(tasks_), env};
    }

private:
    std::tuple<task<Ts>...> tasks_;
};

// Each is started, in order, also when an earlier one ended at once: it is then stopped from the
// start.
template <class... Ts>
    requires(sizeof...(Ts) > 0)
when_any_operand<Ts...> when_any(task<Ts>... tasks) noexcept {
    return when_any_operand<Ts...>{std::move(tasks)...};
}

}  // namespace weir::inline v0
