#include "arrivals.hpp"

#include <utility>

namespace weir::inline v0::http {

bool arrivals::start() noexcept {
    if (why_ != errc{}) return false;
    if (under_way()) return true;
    receive_.emplace(*connection_, connection_->loop().env());
    if (receive_->await_ready()) {
        take();
        return false;
    }
    receive_->await_suspend(continuation{}.through(*this));
    return true;
}

// The receive has ended, on the top of the loop.
std::coroutine_handle<> arrivals::next() noexcept {
    take();
    if (awaiter* const waiting = std::exchange(waiting_, nullptr)) return waiting->ended(why_);
    owner_->arrived_unawaited();
    return std::noop_coroutine();
}

void arrivals::take() noexcept {
    const result<> got = receive_->await_resume();
    if (!got) why_ = got.error().code();
    receive_.reset();
}

bool arrivals::awaiter::await_ready() noexcept {
    if (stopped()) {
        status_ = stop_reason();
        return true;
    }
    if (from_->start()) return false;
    env().scheduler().did_at_once();
    status_ = from_->failed();
    return true;
}

void arrivals::awaiter::await_suspend(continuation then) noexcept {
    assert(from_->waiting_ == nullptr && "one task reads a response");
    from_->waiting_ = this;
    then_ = then;
    park(then);
}

result<> arrivals::awaiter::await_resume() const noexcept {
    if (failed()) return fail(status_);
    return {};
}

std::coroutine_handle<> arrivals::awaiter::ended(errc status) noexcept {
    status_ = status;
    stop_hook::unlink();
    env().runs();  // what has ended is the connection's own wait, and nobody's
    return then_.next();
}

void arrivals::awaiter::on_stop(errc reason) noexcept {
    leave();
    status_ = reason;
    wake();
}

}  // namespace weir::inline v0::http
