// service::run(): threads, signals and exit codes around serve().
#include <csignal>
#include <exception>
#include <string>

#include "weir/service/service.hpp"

#include "loop_watch.hpp"
#include "signals.hpp"
#include "state.hpp"

namespace weir::inline v0 {
namespace {

enum exit_code : int { drained = 0, cut_off = 1, not_started = 2 };

// What it has to work with, and why the engine is not the one that is tried first.
void tell_means(service_state& state) {
    const io::engine& engine = state.runtime.at(0).engine();
    state.log.info("up to " + std::to_string(raise_descriptor_limit()) + " descriptors, engine " +
                   std::string{engine.description()} + ", " + std::to_string(state.runtime.size()) +
                   " loops");
    if (const error* const why = state.runtime.without_uring()) {
        state.log.info("no io_uring here: " + why->message());
    }
}

task<> keep(task<result<>> serving, result<>& outcome) { outcome = co_await std::move(serving); }

}  // namespace

int service::run() {
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): it cannot fail for SIGPIPE
    tell_means(*state_);
    if (const auto inherited = inherit(); !inherited) {
        state_->log.error(inherited.error().message());
        return not_started;
    }
    const signal_watch signals{[this] { drain(); }};
    const loop_watch loops{*state_};
    result<> outcome;
    try {
        state_->runtime.run(keep(serve(state_->runtime), outcome));
    } catch (const std::exception& thrown) {
        outcome = fail(errc::internal, thrown.what());
    }
    if (outcome) return drained;
    if (outcome.error() == errc::timed_out) return cut_off;
    state_->log.error(outcome.error().message());
    return not_started;
}

}  // namespace weir::inline v0
