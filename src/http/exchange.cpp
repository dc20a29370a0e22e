#include "exchange.hpp"

#include "weir/base/fence.hpp"

namespace weir::inline v0::http {

bool exchange::enter_route(const route& to) {
    for (flow::shared_semaphore* each : to.places) {
        auto place = each->try_acquire();
        if (!place) {
            places_.clear();
            return false;
        }
        places_.push_back(std::move(*place));
    }
    return true;
}

void exchange::give_back_places() noexcept {
    in_flight_.sub();
    permit_.release();
    places_.clear();
}

void exchange::unpin() noexcept {
    const fence::naming ended{request.route(), handlers_end};
    head_bytes = {};
    body.drop_collected();
}

void exchange::clear() noexcept {
    call.reset();
    leave();
    const fence::naming ended{request.route(), handlers_end};
    body.end();
    request.forget();
    answer.reset();
    offered = {};
    head_bytes = {};
    head_until = never;
    answered = false;
}

}  // namespace weir::inline v0::http
