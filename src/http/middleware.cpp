#include "weir/http/middleware.hpp"

#include <utility>
#include <variant>

#include "route.hpp"

namespace weir::inline v0::http {
namespace {

task<result<response>> with_result(task<response> inner) {
    auto answer = co_await std::move(inner);
    co_return answer;
}

}  // namespace

task_awaiter<result<response>> next_operand::await_with(const environment& env) const {
    if (depth_ < to_->around.size()) {
        return to_->around[depth_]->call()(*asked_, next{*to_, depth_ + 1}).await_with(env);
    }
    const auto& how = to_->how.call();
    if (const auto* fallible = std::get_if<handler::fallible>(&how)) {
        return (*fallible)(*asked_).await_with(env);
    }
    if (const auto* waiting = std::get_if<handler::waiting>(&how)) {
        return with_result((*waiting)(*asked_)).await_with(env);
    }
    return task_awaiter<result<response>>{std::get<handler::immediate>(how)(*asked_)};
}

}  // namespace weir::inline v0::http
