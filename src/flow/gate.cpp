#include "weir/flow/gate.hpp"

#include <cassert>

namespace weir::inline v0::flow {

gate::~gate() { assert(inside_ == 0 && "somebody is still inside"); }

result<gate::holder> gate::enter() noexcept {
    if (closed_) return fail(errc::closed);
    ++inside_;
    return holder{*this};
}

void gate::leave() noexcept {
    if (--inside_ > 0) return;
    while (close_awaiter* closer = closers_.try_pop_front()) closer->wake();
}

bool gate::close_awaiter::await_ready() noexcept {
    gate_->closed_ = true;
    if (gate_->inside_ == 0) return true;
    if (stopped()) reason_ = stop_reason();
    return stopped();
}

void gate::close_awaiter::await_suspend(continuation then) noexcept {
    park(then);
    gate_->closers_.push_back(*this);
}

result<> gate::close_awaiter::await_resume() const noexcept {
    if (failed()) return fail(reason_);
    return {};
}

void gate::close_awaiter::on_stop(errc reason) noexcept {
    list_hook<gate_tag>::unlink();
    reason_ = reason;
    wake();
}

}  // namespace weir::inline v0::flow
