#include "weir/http/handler.hpp"

namespace weir::inline v0::http {

task<result<response>> handler::with_result(task<response> inner) {
    auto answer = co_await std::move(inner);
    co_return answer;
}

task_awaiter<result<response>> handler::call(request& asked, const environment& env) const {
    if (const auto* waits = std::get_if<waiting>(&call_)) return (*waits)(asked, env);
    return task_awaiter<result<response>>{std::get<immediate>(call_)(asked)};
}

}  // namespace weir::inline v0::http
