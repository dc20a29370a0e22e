#include "weir/flow/permit_wait.hpp"

namespace weir::inline v0::flow {

bool permit_wait::await_ready() noexcept {
    if (stopped()) {
        refuse(stop_reason());
        return true;
    }
    return queue_->enter(*this);
}

void permit_wait::on_stop(errc reason) noexcept {
    leave();
    refuse(reason);
    wake();
}

}  // namespace weir::inline v0::flow
