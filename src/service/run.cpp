// service::run(): threads, signals and exit codes around serve().
#include <csignal>
#include <exception>
#include <string>

#include "weir/service/service.hpp"

#include "signals.hpp"
#include "state.hpp"

namespace weir::inline v0 {
namespace {

enum exit_code : int { drained = 0, cut_off = 1, not_started = 2 };

task<> keep(task<result<>> serving, result<>& outcome) { outcome = co_await std::move(serving); }

}  // namespace

int service::run() {
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): it cannot fail for SIGPIPE
    state_->log.info("up to " + std::to_string(raise_descriptor_limit()) + " descriptors, engine " +
                     std::string{state_->runtime.at(0).engine().name()} + ", " +
                     std::to_string(state_->runtime.size()) + " loops");
    const signal_watch signals{[this] { drain(); }};
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
