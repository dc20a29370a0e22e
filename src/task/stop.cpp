#include "weir/task/stop.hpp"

namespace weir::inline v0 {

void stop_node::request(errc reason) noexcept {
    if (requested()) return;
    reason_ = reason;
    while (stop_hook* hook = hooks_.try_pop_front()) hook->on_stop(reason);
}

}  // namespace weir::inline v0
