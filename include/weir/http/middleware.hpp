// What stands around handlers: a coroutine that sees the request first and the answer last.
//
//     task<result<response>> timed(request& request, next next) {
//         const auto begun = request.loop().now();
//         auto answer = co_await next(request);          // or answers by itself, and asks nobody
//         if (answer) (void)answer->add("Server-Timing", ...);
//         co_return answer;
//     }
//
// It has what a handler has: the request's deadline and stop, its exceptions cost a 500, and it is
// called on every loop at the same time. Its frame comes from the loop's free list.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/http/request.hpp"
#include "weir/http/response.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

struct route;

// What is left around a request: further middlewares, and the handler in the middle. A handler that
// waits for nothing is called without a coroutine of its own.
class WEIR_API [[nodiscard("nothing happens until it is awaited")]] next_operand {
public:
    next_operand(const route& to, std::size_t depth, request& asked) noexcept
        : to_{&to}, depth_{depth}, asked_{&asked} {}
    task_awaiter<result<response>> await_with(const environment& env) const;

private:
    const route* to_;
    std::size_t depth_;
    request* asked_;
};

class next {
public:
    next(const route& to, std::size_t depth) noexcept : to_{&to}, depth_{depth} {}

    // `co_await next(request)`: the answer of all that is inside, as a result<response>. Rethrows
    // what was thrown there. Lifetime: the request that the middleware was called with.
    next_operand operator()(request& asked) const noexcept { return {*to_, depth_, asked}; }

private:
    const route* to_;
    std::size_t depth_;
};

template <class Function>
concept stands_around_handlers =
    std::invocable<const Function&, request&, next> &&
    std::same_as<std::invoke_result_t<const Function&, request&, next>, task<result<response>>>;

class middleware {
public:
    // Makes its task, to run in the environment of whoever awaits its answer.
    using function = std::move_only_function<task_awaiter<result<response>>(
        request&, next, const environment&) const>;

    template <stands_around_handlers Function>
        requires(!std::same_as<Function, middleware>)
    middleware(Function around)  // NOLINT(google-explicit-constructor): it is its function
        : call_{[around = std::move(around)](request& asked, next inner, const environment& env) {
              return around(asked, inner).await_with(env);
          }} {}

    // Anything else, to say what is wrong with it.
    template <class Other>
    middleware(Other) {  // NOLINT(google-explicit-constructor)
        static_assert(stands_around_handlers<Other>,
                      "an HTTP middleware is called with a request& and a next (as const, where it "
                      "is an object) and answers with a task<result<response>>");
    }

    const function& call() const noexcept { return call_; }

private:
    function call_;
};

}  // namespace weir::inline v0::http
