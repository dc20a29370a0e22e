// Runs a task on another loop, and waits for it here.
//
//     io::run_on counting{other, count, std::ref(shared), 7};
//     auto counted = co_await std::move(counting);
//
// The task is made and destroyed on its own loop's thread; its outcome comes back to this one's. A
// stop of the waiting task is passed on, and the task is then awaited. Destroying the waiting task
// before the other has ended is an error: both threads hold a part of it.
#pragma once

#include <functional>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/io/loop.hpp"
#include "weir/task/loop_bound.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::io {

class WEIR_API remote_task final : public wait {
public:
    using factory = std::move_only_function<task<result<>>()>;

    remote_task(loop& target, factory make, const environment& env)
        : wait{env}, target_{&target}, make_{std::move(make)} {}
    ~remote_task() = default;

    bool await_ready() const noexcept { return false; }
    void await_suspend(continuation then) noexcept;
    // Errors: the task's own; what it throws arrives as errc::internal.
    result<> await_resume() noexcept { return std::move(outcome_); }
    bool failed() const noexcept { return !outcome_.has_value(); }
    error take_error() noexcept { return std::move(outcome_.error()); }

private:
    // A message from one loop to the other, sent at most once.
    template <void (remote_task::*Handle)() noexcept>
    class message final : public runnable {
    public:
        explicit message(remote_task& owner) noexcept : owner_{&owner} {}
        void run() noexcept override { (owner_->*Handle)(); }

    private:
        remote_task* owner_;
    };
    // On the target loop.
    void begin() noexcept;
    void leave() noexcept;
    void stop_there() noexcept;
    task<> keep_outcome();
    // At home. The wait is over when the task has ended and no stop is on its way any more.
    void one_answer() noexcept;
    void on_stop(errc reason) noexcept override;

    loop* target_;
    factory make_;
    result<> outcome_;
    errc initial_reason_{};  // written before begin_ is posted
    errc passed_reason_{};   // written before stop_there_ is posted
    int answers_due_ = 1;
    bool over_there_ = false;

    std::optional<stop_node> stop_;
    std::optional<environment> env_there_;
    std::optional<task_scope> scope_;

    message<&remote_task::begin> begin_{*this};
    message<&remote_task::leave> ended_there_{*this};
    message<&remote_task::one_answer> ended_{*this};
    message<&remote_task::stop_there> stop_there_{*this};
    message<&remote_task::one_answer> stop_passed_on_{*this};
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
