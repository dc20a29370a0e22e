#include "weir/task/sleep.hpp"

namespace weir::inline v0 {

bool sleep_awaiter::await_ready() noexcept {
    if (stopped()) reason_ = stop_reason();
    return stopped() || until_ <= env().now();
}

void sleep_awaiter::await_suspend(continuation then) noexcept {
    park(then);
    env().scheduler().arm(*this, until_);
}

result<> sleep_awaiter::await_resume() noexcept {
    if (failed()) return fail(reason_);
    return {};
}

void sleep_awaiter::on_expiry() noexcept { wake(); }

void sleep_awaiter::on_stop(errc reason) noexcept {
    timer::unlink();
    reason_ = reason;
    wake();
}

void yield_awaiter::await_suspend(continuation then) noexcept {
    park_unstoppable(then);
    wake();
}

}  // namespace weir::inline v0
