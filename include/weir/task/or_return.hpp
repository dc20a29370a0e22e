// `T value = co_await or_return(x);` unwraps a result, or makes the enclosing task return its
// error.
//
// x is a result<T>, or an awaitable that answers with one. The enclosing task must itself answer
// with a result. Its locals are destroyed before its awaiter goes on, as at every other way out.
#pragma once

#include <type_traits>
#include <utility>

#include "weir/task/task.hpp"

namespace weir::inline v0 {

template <class T>
class value_or_return final {
public:
    explicit value_or_return(result<T> value) noexcept : value_{std::move(value)} {}

    bool await_ready() const noexcept { return value_.has_value(); }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        error why = std::move(value_.error());
        return frame.promise().leave(frame, std::move(why));
    }
    T await_resume() {
        if constexpr (!std::is_void_v<T>) return std::move(*value_);
    }

private:
    result<T> value_;
};

template <class Awaiter>
class awaiter_or_return final : early_exit {
    using outcome = decltype(std::declval<Awaiter&>().await_resume());
    static_assert(is_result<outcome>, "or_return takes an operation that answers with a result");

public:
    template <class Awaitable>
    awaiter_or_return(Awaitable&& operand, const environment& env)
        : inner_(std::forward<Awaitable>(operand).await_with(env)) {}

    bool await_ready() {
        ready_ = inner_.await_ready();
        return ready_ && !inner_.failed();
    }

    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> frame) {
        frame_ = frame;
        leave_ = [](std::coroutine_handle<> at, error why) noexcept {
            auto& promise = std::coroutine_handle<Promise>::from_address(at.address()).promise();
            return promise.leave(at, std::move(why));
        };
        if (ready_) return leave();
        inner_.await_suspend(continuation{frame, this});
        return std::noop_coroutine();
    }

    typename outcome::value_type await_resume() {
        outcome value = inner_.await_resume();
        if constexpr (!std::is_void_v<typename outcome::value_type>) return std::move(*value);
    }

private:
    std::coroutine_handle<> next() noexcept override { return inner_.failed() ? leave() : frame_; }

    // Destroys the frame that this lives in.
    std::coroutine_handle<> leave() noexcept {
        const auto leave = leave_;
        return leave(frame_, inner_.take_error());
    }

    Awaiter inner_;
    std::coroutine_handle<> frame_;
    std::coroutine_handle<> (*leave_)(std::coroutine_handle<>, error) noexcept = nullptr;
    bool ready_ = false;
};

// What or_return() answers with: to be awaited at once.
template <class T>
class [[nodiscard("nothing happens until it is awaited")]] result_operand {
public:
    explicit result_operand(result<T> value) noexcept : value_{std::move(value)} {}
    value_or_return<T> await_with(const environment&) && noexcept {
        return value_or_return<T>{std::move(value_)};
    }

private:
    result<T> value_;
};

template <class Awaitable>
class [[nodiscard("nothing happens until it is awaited")]] awaitable_operand {
    using awaiter =
        decltype(std::declval<Awaitable&&>().await_with(std::declval<const environment&>()));

public:
    explicit awaitable_operand(Awaitable&& operand) noexcept
        : operand_{std::forward<Awaitable>(operand)} {}
    awaiter_or_return<awaiter> await_with(const environment& env) && {
        return awaiter_or_return<awaiter>(std::forward<Awaitable>(operand_), env);
    }

private:
    Awaitable&& operand_;
};

template <class T>
result_operand<T> or_return(result<T> value) noexcept {
    return result_operand<T>{std::move(value)};
}

template <awaitable Awaitable>
awaitable_operand<Awaitable> or_return(Awaitable&& operand) noexcept {
    return awaitable_operand<Awaitable>{std::forward<Awaitable>(operand)};
}

}  // namespace weir::inline v0
