#include "weir/io/run_on.hpp"

#include <utility>

#include "remote_call.hpp"

namespace weir::inline v0::io {

remote_task::remote_task(loop& target, factory make, const environment& env)
    : wait{env}, call_{new remote_call{target, std::move(make), env}} {}

remote_task::~remote_task() { call_->leave(); }

void remote_task::await_suspend(continuation then) noexcept {
    errc stopped_with{};
    if (stopped()) {
        stopped_with = stop_reason();
        park_unstoppable(then);
    } else {
        park(then);
    }
    call_->start(*this, stopped_with);
}

result<> remote_task::await_resume() noexcept { return std::move(call_->outcome()); }

bool remote_task::failed() const noexcept { return !call_->outcome().has_value(); }

error remote_task::take_error() noexcept { return std::move(call_->outcome().error()); }

void remote_task::ended() noexcept { resume_now(); }

void remote_task::on_stop(errc reason) noexcept { call_->stop(reason); }

}  // namespace weir::inline v0::io
