// What answers a request, whichever way it is written:
//
//     task<result<response>> f(request&)    fails with an error, which becomes its status
//     task<response> f(request&)
//     result<response> f(request&)          waits for nothing
//     response f(request&)
//
// A handler is called on every loop, at the same time: what it shares between requests is its own
// to guard. An exception costs its request a 500.
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/http/request.hpp"
#include "weir/http/response.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

template <class Answer>
concept http_answer =
    std::same_as<Answer, task<response>> || std::same_as<Answer, task<result<response>>> ||
    std::convertible_to<Answer, result<response>>;

template <class Function>
concept answers_requests = std::invocable<const Function&, request&> &&
                           http_answer<std::invoke_result_t<const Function&, request&>>;

class WEIR_API handler {
public:
    using immediate = std::move_only_function<result<response>(request&) const>;
    // Makes its task, to run in the environment of whoever awaits its answer.
    using waiting =
        std::move_only_function<task_awaiter<result<response>>(request&, const environment&) const>;

    template <answers_requests Function>
        requires(!std::same_as<Function, handler>)
    handler(Function function)  // NOLINT(google-explicit-constructor): a handler is its function
        : call_{wrap(std::move(function))} {}

    // Anything else, to say what is wrong with it.
    template <class Other>
    handler(Other) {  // NOLINT(google-explicit-constructor)
        static_assert(answers_requests<Other>,
                      "an HTTP handler is called with a request& (as const, where it is an object) "
                      "and answers with a response, a result of one, or a task of either");
    }

    // Null where it may wait.
    const immediate* at_once() const noexcept { return std::get_if<immediate>(&call_); }
    // What runs it and awaits its answer; that of one that waits for nothing is there already, and
    // what it throws is thrown here.
    task_awaiter<result<response>> call(request& asked, const environment& env) const;

private:
    static task<result<response>> with_result(task<response> inner);

    template <class Function>
    static std::variant<immediate, waiting> wrap(Function function) {
        using answer = std::invoke_result_t<const Function&, request&>;
        if constexpr (std::same_as<answer, task<response>>) {
            return [function = std::move(function)](request& asked, const environment& env) {
                return with_result(function(asked)).await_with(env);
            };
        } else if constexpr (std::same_as<answer, task<result<response>>>) {
            return [function = std::move(function)](request& asked, const environment& env) {
                return function(asked).await_with(env);
            };
        } else {
            return immediate{std::move(function)};
        }
    }

    std::variant<immediate, waiting> call_;
};

}  // namespace weir::inline v0::http
