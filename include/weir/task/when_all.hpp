// Runs tasks side by side on this loop and waits for all of them.
//
// A stop of the awaiting task reaches each of them; one that fails does not stop the others (use a
// task_scope for that). An exception is rethrown after all have ended, the first in order.
#pragma once

#include <coroutine>
#include <cstddef>
#include <utility>

#include "weir/task/side_by_side.hpp"

namespace weir::inline v0 {

class all_of_them final : public countdown {
public:
    all_of_them(std::size_t parts, const environment& outer) noexcept
        : countdown{parts}, env_{&outer} {}

    const environment& env() const noexcept { return *env_; }
    std::coroutine_handle<> one_done(std::size_t) noexcept { return count(); }
    template <class Outcomes>
    Outcomes answer(Outcomes&& outcomes) const {
        return std::move(outcomes);
    }

private:
    const environment* env_;
};

// Answers with a tuple of the outcomes, std::monostate for a task<void>.
template <class... Ts>
side_by_side<all_of_them, Ts...> when_all(task<Ts>... tasks) noexcept {
    return side_by_side<all_of_them, Ts...>{std::move(tasks)...};
}

}  // namespace weir::inline v0
