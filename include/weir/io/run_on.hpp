// Runs a task on another loop, and waits for it here.
//
//     io::run_on counting{other, count, std::ref(shared), 7};
//     auto counted = co_await std::move(counting);
//
// The task is made and destroyed on its own loop's thread; its outcome comes back to this one's. A
// stop of the waiting task is passed on, and the task is then awaited. Where the waiting task is
// destroyed instead, the other is stopped and left to end by itself, with its loop at the latest:
// what its arguments point to outlives it, and is none of the waiting task's.
#pragma once

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/io/loop.hpp"
#include "weir/task/loop_bound.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::io {

class remote_call;

class WEIR_API remote_task final : public wait {
public:
    using factory = std::move_only_function<task<result<>>()>;

    // Throws std::bad_alloc.
    remote_task(loop& target, factory make, const environment& env);
    ~remote_task();

    bool await_ready() const noexcept { return false; }
    void await_suspend(continuation then) noexcept;
    // Errors: the task's own; what it throws arrives as errc::internal with its text, or as
    // errc::out_of_memory.
    result<> await_resume() noexcept;
    bool failed() const noexcept;
    error take_error() noexcept;

private:
    friend class remote_call;
    void ended() noexcept;
    void on_stop(errc reason) noexcept override;

    remote_call* call_;
};

class [[nodiscard("nothing happens until it is awaited")]] run_on {
public:
    // function(arguments...) makes the task, on the target's thread. The arguments live there as
    // long as the task: by value, by pointer, or as std::ref. None of them may belong to this loop
    // (task/loop_bound.hpp), and the function captures nothing.
    template <class Function, class... Arguments>
    run_on(loop& target, Function function, Arguments... arguments)
        : target_{&target}, make_{bind(std::move(function), std::move(arguments)...)} {}
    remote_task await_with(const environment& env) && {
        return remote_task{*target_, std::move(make_), env};
    }

private:
    template <class Function, class... Arguments>
    static auto bind(Function function, Arguments... arguments) {
        static_assert(std::is_empty_v<Function> || !std::is_class_v<Function>,
                      "a lambda that captures hides what it takes along: pass it as arguments");
        static_assert((crosses_loops<Arguments> && ...),
                      "an argument belongs to the loop that made it, or points to what does: make "
                      "it on the loop that uses it");
        return [function, kept = std::tuple<Arguments...>{std::move(arguments)...}]() mutable {
            return std::apply(function, std::move(kept));
        };
    }

    loop* target_;
    remote_task::factory make_;
};

}  // namespace weir::inline v0::io
