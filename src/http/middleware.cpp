#include "weir/http/middleware.hpp"

#include "route_table.hpp"

namespace weir::inline v0::http {

template <class Awaiter, class Task>
bool next_awaiter::start(Task task) {
    return running_.emplace<Awaiter>(task.release(), *env_).await_ready();
}

bool next_awaiter::await_ready() {
    if (depth_ == to_->around.size()) return call_handler();
    return start<fallible>(to_->around[depth_]->call()(*asked_, next{*to_, depth_ + 1}));
}

bool next_awaiter::call_handler() {
    const auto& how = to_->how.call();
    if (const auto* waiting = std::get_if<handler::fallible>(&how)) {
        return start<fallible>((*waiting)(*asked_));
    }
    if (const auto* waiting = std::get_if<handler::waiting>(&how)) {
        return start<plain>((*waiting)(*asked_));
    }
    running_.emplace<result<response>>(std::get<handler::immediate>(how)(*asked_));
    return true;
}

void next_awaiter::await_suspend(continuation then) noexcept {
    if (auto* running = std::get_if<fallible>(&running_)) return running->await_suspend(then);
    std::get_if<plain>(&running_)->await_suspend(then);
}

result<response> next_awaiter::await_resume() {
    if (auto* running = std::get_if<fallible>(&running_)) return running->await_resume();
    if (auto* running = std::get_if<plain>(&running_)) return running->await_resume();
    return std::move(std::get<result<response>>(running_));
}

bool next_awaiter::failed() noexcept {
    if (auto* running = std::get_if<fallible>(&running_)) return running->failed();
    const auto* outcome = std::get_if<result<response>>(&running_);
    return outcome != nullptr && !outcome->has_value();
}

error next_awaiter::take_error() noexcept {
    if (auto* running = std::get_if<fallible>(&running_)) return running->take_error();
    return std::move(std::get_if<result<response>>(&running_)->error());
}

}  // namespace weir::inline v0::http
