#include "weir/sim/stepper.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "network_state.hpp"
#include "sim_engine.hpp"

namespace weir::inline v0::sim {

stepper::stepper(network& network, std::vector<io::loop*> loops)
    : network_{&network}, loops_{std::move(loops)} {
    network_->state().set_stepped(true);
}

stepper::~stepper() { network_->state().set_stepped(false); }

bool stepper::step() noexcept {
    for (io::loop* loop : loops_) loop->turn();
    if (!quiet()) return true;
    network_state& network = network_->state();
    time_point next = never;
    for (sim_engine* engine : network.engines()) next = std::min(next, engine->next_event());
    if (next == never) return false;
    network.move_clock(next);
    return true;
}

bool stepper::quiet() noexcept {
    for (io::loop* loop : loops_) {
        scheduler& scheduler = loop->scheduler();
        if (!scheduler.idle() || !scheduler.prepare_sleep()) return false;
        scheduler.end_sleep();
    }
    return true;
}

void stepper::run(io::loop& on, task<> main) {
    const auto keep = [](task<> inner, std::exception_ptr& thrown) -> task<> {
        try {
            co_await std::move(inner);
        } catch (...) {
            thrown = std::current_exception();
        }
    };
    std::exception_ptr thrown;
    task_scope scope{on.env(), [](const error&) {}};
    scope.spawn(keep(std::move(main), thrown));
    while (scope.size() > 0) {
        const bool goes_on = step();
        if (!goes_on && scope.size() > 0) {
            throw std::logic_error{"the task waits for what cannot happen any more"};
        }
    }
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace weir::inline v0::sim
