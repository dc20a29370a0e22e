#include "loop_watch.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <string>

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

static_assert(heartbeats::interval == 1s);
constexpr int silent_seconds = 2;
// What a drain takes besides its delay and its timeout, and some more.
constexpr duration last_grace = 3s;
constexpr int cut_off_exit = 1;

std::string name_of(std::size_t loop) { return "loop " + std::to_string(loop); }

}  // namespace

loop_watch::loop_watch(service_state& service) : service_{service}, turning_{service.beats} {
    thread_ = std::jthread{[this](const std::stop_token& over) { watch(over); }};
}

loop_watch::~loop_watch() = default;

void loop_watch::watch(const std::stop_token& over) {
    mutex alone;
    std::condition_variable_any never_told;
    const lock_guard lock{alone};
    const auto ends = [&] { return over.stop_requested(); };
    while (!never_told.wait_for(alone, over, 1s, ends)) look();
}

void loop_watch::look() {
    for (std::size_t loop = 0; loop < service_.beats.loops(); ++loop) look_at(loop);
    if (!service_.drain_wanted.is_set() || service_.telling_of_successor.load()) return;
    draining_ += 1s;
    const service_options& options = service_.options;
    if (draining_ > options.drain_delay + options.drain_timeout + last_grace) give_up();
}

void loop_watch::look_at(std::size_t loop) {
    if (!turning_.look_at(loop)) return;
    if (!turning_.stalls(loop)) return service_.log.info(name_of(loop) + " turns again");
    service_.metrics.loop_stalls.add();
    service_.log.error(stalled(loop));
}

// What runs for no connection has no name; what does may have ended, and left the thread to
// something that tells nobody.
std::string loop_watch::stalled(std::size_t loop) const {
    const origin running = service_.runtime.at(loop).scheduler().running();
    std::string text = name_of(loop) + " does not turn";
    if (running.number == 0) return text;
    return text.append(" (the handler of ")
        .append(running.name)
        .append(" for connection ")
        .append(std::to_string(running.number))
        .append(" went on last)");
}

void loop_watch::give_up() {
    for (std::size_t loop = 0; loop < service_.beats.loops(); ++loop) {
        if (turning_.missed(loop) < silent_seconds) continue;
        service_.log.error(stalled(loop) + ": its handlers are cut off");
    }
    service_.log.error("the drain did not end: " + std::to_string(service_.open.load()) +
                       " connections are cut off");
    std::_Exit(cut_off_exit);
}

}  // namespace weir::inline v0
