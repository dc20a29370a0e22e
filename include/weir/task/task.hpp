// task<T>: a lazy coroutine that runs inside the task that awaits it, or in a task_scope.
//
// Its outcome lies with whoever awaits it, outside its own frame; so on every way out (return,
// error, exception, or_return) the task's locals and parameters are destroyed before its awaiter
// resumes. A task belongs to one loop. A task destroyed before it ran, or while it waits, leaves
// nothing behind; destroying it while it runs is an error.
//
// GCC 12 handles some temporaries of a co_await expression wrongly: name arguments that own things
// before the expression.
#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <source_location>
#include <type_traits>
#include <utility>
#include <variant>

#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/task/continuation.hpp"
#include "weir/task/environment.hpp"
#include "weir/task/frame_pool.hpp"

namespace weir::inline v0 {

template <class T = void>
class [[nodiscard("a task does nothing until it is awaited or spawned")]] task;

class promise_base;

// Sees coroutines, for report_tasks().
class task_visitor {
public:
    virtual void visit(const promise_base& task) = 0;
    // Something that waits without one.
    virtual void visit(const std::source_location& rests_at) = 0;

protected:
    ~task_visitor() = default;
};

// What a coroutine waits for, where that is other tasks.
class awaited_tasks {
public:
    virtual void visit(task_visitor& by) const = 0;

protected:
    ~awaited_tasks() = default;
};

// Where a task's outcome goes, and who is told. It owns the child until the child has completed.
class completion_base : public awaited_tasks {
public:
    completion_base(const completion_base&) = delete;
    completion_base& operator=(const completion_base&) = delete;

    void visit(task_visitor& by) const override;

protected:
    explicit completion_base(std::coroutine_handle<> child) noexcept : child_{child} {}
    ~completion_base() {
        if (child_) child_.destroy();
    }

    std::coroutine_handle<> child_;

private:
    friend class promise_base;
    // The child's frame is gone. Answers with the coroutine that goes on.
    virtual std::coroutine_handle<> completed() noexcept = 0;
};

template <class T>
class completion : public completion_base {
public:
    using stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

    template <class... Arguments>
    void succeed(Arguments&&... value) {
        outcome_.template emplace<1>(std::forward<Arguments>(value)...);
    }
    void raise(std::exception_ptr exception) noexcept {
        outcome_.template emplace<2>(std::move(exception));
    }

protected:
    using completion_base::completion_base;

    // Rethrows what the task threw. Once.
    T take() {
        if (outcome_.index() == 2) std::rethrow_exception(std::get<2>(std::move(outcome_)));
        if constexpr (!std::is_void_v<T>) return std::get<1>(std::move(outcome_));
    }
    stored* value() noexcept { return std::get_if<1>(&outcome_); }
    std::exception_ptr exception() const noexcept {
        return outcome_.index() == 2 ? std::get<2>(outcome_) : nullptr;
    }

private:
    std::variant<std::monostate, stored, std::exception_ptr> outcome_;
};

// An awaitable of this library is told its environment before it becomes an awaiter.
template <class T>
concept awaitable =
    requires(T&& value, const environment& env) { std::forward<T>(value).await_with(env); };

class promise_base {
public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* frame, std::size_t size) noexcept {
        frame_pool::release(frame, size);
    }

    std::suspend_always initial_suspend() const noexcept { return {}; }

    // The promise of any of this library's coroutines, which all begin with this base.
    static promise_base& of(std::coroutine_handle<> frame) noexcept {
        return std::coroutine_handle<promise_base>::from_address(frame.address()).promise();
    }

    template <class Awaitable>
    auto await_transform(Awaitable&& operand,
                         std::source_location place = std::source_location::current()) {
        static_assert(awaitable<Awaitable>,
                      "co_await takes a weir awaitable: a task, an operation, or_return(...)");
        place_ = place;
        // The analyzer constructs no promise, and so takes env_ to be uninitialised.
        // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage)
        return std::forward<Awaitable>(operand).await_with(*env_);
    }

    void attach(const environment& env, completion_base& completion) noexcept {
        env_ = &env;
        completion_ = &completion;
    }

    const environment& env() const noexcept { return *env_; }
    // Of the co_await that it came to last.
    const std::source_location& place() const noexcept { return place_; }
    // Null where it waits for no task.
    const awaited_tasks* awaited() const noexcept { return awaited_; }
    void waits_for(const awaited_tasks* tasks) noexcept { awaited_ = tasks; }

protected:
    // Destroys the frame, which must be suspended, then tells the completion.
    static std::coroutine_handle<> finish(std::coroutine_handle<> frame,
                                          completion_base& completion) noexcept {
        completion.child_ = nullptr;
        frame.destroy();
        return completion.completed();
    }

    completion_base* completion_ = nullptr;

private:
    const environment* env_ = nullptr;
    const awaited_tasks* awaited_ = nullptr;
    std::source_location place_;
};

inline void completion_base::visit(task_visitor& by) const {
    if (child_) by.visit(promise_base::of(child_));
}

template <class T>
class task_promise_base : public promise_base {
public:
    using handle = std::coroutine_handle<>;

    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        handle await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
            return finish(frame, *frame.promise().completion_);
        }
        void await_resume() const noexcept {}
    };

    final_awaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { completion().raise(std::current_exception()); }

    // Leaves the task, suspended in frame, with an error in place of its result.
    handle leave(handle frame, error why) noexcept {
        static_assert(is_result<T>, "or_return needs a task that answers with a result<...>");
        weir::completion<T>& to = completion();
        to.succeed(fail(std::move(why)));
        return finish(frame, to);
    }

protected:
    weir::completion<T>& completion() noexcept {
        return static_cast<weir::completion<T>&>(*completion_);
    }
};

template <class T>
class task_promise final : public task_promise_base<T> {
public:
    task<T> get_return_object() noexcept;
    template <class Value>
        requires std::is_constructible_v<T, Value>
    void return_value(Value&& value) {
        this->completion().succeed(std::forward<Value>(value));
    }
    void return_value(T value) { this->completion().succeed(std::move(value)); }
};

template <>
class task_promise<void> final : public task_promise_base<void> {
public:
    task<void> get_return_object() noexcept;
    void return_void() { completion().succeed(); }
};

// Awaits one task. The child starts inside await_ready(), so that a child which completes at once
// costs no suspension and a loop of such awaits does not grow the stack.
template <class T>
class task_awaiter final : public completion<T> {
public:
    task_awaiter(std::coroutine_handle<task_promise<T>> child, const environment& env) noexcept
        : completion<T>{child} {
        child.promise().attach(env, *this);
    }
    // There is no child: its outcome is known already.
    explicit task_awaiter(typename completion<T>::stored outcome)
        : completion<T>{nullptr}, done_{true} {
        this->succeed(std::move(outcome));
    }

    bool await_ready() {
        if (done_) return true;
        starting_ = true;
        this->child_.resume();
        starting_ = false;
        return done_;
    }
    void await_suspend(continuation then) noexcept {
        then_ = then;
        promise_base::of(then.frame()).waits_for(this);
    }
    T await_resume() { return this->take(); }

    // For or_return: an exception is no error, it is rethrown by await_resume().
    bool failed() noexcept
        requires is_result<T>
    {
        return this->value() != nullptr && !this->value()->has_value();
    }
    error take_error() noexcept
        requires is_result<T>
    {
        return std::move(this->value()->error());
    }

private:
    std::coroutine_handle<> completed() noexcept override {
        done_ = true;
        if (starting_) return std::noop_coroutine();
        promise_base::of(then_.frame()).waits_for(nullptr);
        return then_.next();
    }

    continuation then_;
    bool starting_ = false;
    bool done_ = false;
};

template <class T>
class [[nodiscard("a task does nothing until it is awaited or spawned")]] task {
public:
    using loop_bound = void;

    using promise_type = task_promise<T>;
    using value_type = T;

    task(task&& other) noexcept : frame_{std::exchange(other.frame_, nullptr)} {}
    task& operator=(task&& other) noexcept {
        std::swap(frame_, other.frame_);
        return *this;
    }
    ~task() {
        if (frame_) frame_.destroy();
    }

    task_awaiter<T> await_with(const environment& env) && noexcept { return {release(), env}; }

    // For those that run tasks: hands over the frame, suspended at its start.
    std::coroutine_handle<promise_type> release() noexcept {
        assert(frame_ && "a task is awaited once");
        return std::exchange(frame_, nullptr);
    }

private:
    friend promise_type;
    explicit task(std::coroutine_handle<promise_type> frame) noexcept : frame_{frame} {}

    std::coroutine_handle<promise_type> frame_;
};

template <class T>
task<T> task_promise<T>::get_return_object() noexcept {
    const auto frame = std::coroutine_handle<task_promise>::from_promise(*this);
    check_frame(frame.address());
    return task<T>{frame};
}

inline task<void> task_promise<void>::get_return_object() noexcept {
    const auto frame = std::coroutine_handle<task_promise>::from_promise(*this);
    check_frame(frame.address());
    return task<void>{frame};
}

}  // namespace weir::inline v0

// As it would be without this; only the coroutine's first parameter is looked at, which is the
// closure where a lambda is one.
template <class T, class First, class... Rest>
struct std::coroutine_traits<weir::task<T>, First, Rest...> : private weir::lambda_rule<First> {
    using promise_type = weir::task_promise<T>;
};
