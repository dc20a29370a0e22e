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

class handler {
public:
    using immediate = std::move_only_function<result<response>(request&) const>;
    using waiting = std::move_only_function<task<response>(request&) const>;
    using fallible = std::move_only_function<task<result<response>>(request&) const>;

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

    const std::variant<immediate, waiting, fallible>& call() const noexcept { return call_; }

private:
    template <class Function>
    static std::variant<immediate, waiting, fallible> wrap(Function function) {
        using answer = std::invoke_result_t<const Function&, request&>;
        if constexpr (std::same_as<answer, task<response>>) {
            return waiting{std::move(function)};
        } else if constexpr (std::same_as<answer, task<result<response>>>) {
            return fallible{std::move(function)};
        } else {
            return immediate{std::move(function)};
        }
    }

    std::variant<immediate, waiting, fallible> call_;
};

}  // namespace weir::inline v0::http
