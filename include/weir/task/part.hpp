// One of several tasks that run side by side, as when_all and when_any hold it.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "weir/task/task.hpp"

namespace weir::inline v0 {

template <class T, class Whole>
struct part_seed {
    task<T> child;
    const environment* env;
    Whole* whole;
    std::size_t index;
};

// Whole is told of the end by one_done(index), which answers with the coroutine that goes on.
template <class T, class Whole>
class part final : public completion<T> {
public:
    explicit part(part_seed<T, Whole>&& seed) noexcept : part{seed.child.release(), seed} {}

    void start() { this->child_.resume(); }
    typename completion<T>::stored outcome() {
        if constexpr (std::is_void_v<T>) {
            this->take();
            return {};
        } else {
            return this->take();
        }
    }

private:
    part(std::coroutine_handle<task_promise<T>> child, const part_seed<T, Whole>& seed) noexcept
        : completion<T>{child}, whole_{seed.whole}, index_{seed.index} {
        child.promise().attach(*seed.env, *this);
    }

    std::coroutine_handle<> completed() noexcept override { return whole_->one_done(index_); }

    Whole* whole_;
    std::size_t index_;
};

}  // namespace weir::inline v0
