// Runs tasks side by side on this loop until one of them has ended.
//
// The others are then stopped, and awaited: when it answers, none of them runs any more, and what
// they had still finished is not lost. A stop of the awaiting task reaches each of them. An
// exception counts as an end, and is rethrown after all have ended, the first in order.
//
//     auto [first, outcomes] = co_await when_any(from_cache(key), from_database(key));
//     auto& [cached, stored] = outcomes;  // the loser's is mostly errc::canceled
#pragma once

#include <coroutine>
#include <cstddef>
#include <optional>
#include <utility>

#include "weir/task/side_by_side.hpp"

namespace weir::inline v0 {

// Which task ended first, counted from 0, and the tuple of what each ended with: std::monostate
// for a task<void>.
template <class Outcomes>
struct race_result {
    std::size_t first;
    Outcomes outcomes;
};

// The parts have a stop of their own, requested when the first has ended.
class race final : public countdown {
public:
    race(std::size_t parts, const environment& outer) noexcept
        : countdown{parts}, stop_{outer.stop()}, env_{outer, stop_} {}

    const environment& env() const noexcept { return env_; }
    std::coroutine_handle<> one_done(std::size_t index) noexcept {
        if (!first_) {
            first_ = index;
            stop_.request();
        }
        return count();
    }
    template <class Outcomes>
    race_result<Outcomes> answer(Outcomes&& outcomes) const {
        return {*first_, std::move(outcomes)};
    }

private:
    stop_node stop_;
    environment env_;
    std::optional<std::size_t> first_;
};

// Each is started, in order, also when an earlier one ended at once: it is then stopped from the
// start.
template <class... Ts>
    requires(sizeof...(Ts) > 0)
side_by_side<race, Ts...> when_any(task<Ts>... tasks) noexcept {
    return side_by_side<race, Ts...>{std::move(tasks)...};
}

}  // namespace weir::inline v0
