#include "sim_engine.hpp"

#include <algorithm>
#include <cassert>

#include "weir/sim/engine.hpp"

#include "sim_connect.hpp"
#include "sim_listener.hpp"
#include "sim_transport.hpp"

namespace weir::inline v0::sim {

std::unique_ptr<io::engine> make_engine(network& network, io::slab_pool& slabs) {
    return std::make_unique<sim_engine>(network.state(), slabs);
}

sim_engine::sim_engine(network_state& network, io::slab_pool& slabs)
    : network_{network}, slabs_{slabs} {
    network_.add(*this);
}

sim_engine::~sim_engine() {
    assert(waiting_.empty() && finished_.empty());
    network_.remove(*this);
}

result<std::unique_ptr<io::listener>> sim_engine::listen(const io::endpoint& at,
                                                         const io::listen_options& options) {
    auto place = network_.free_place(at);
    if (!place) return fail(std::move(place).error());
    return std::make_unique<sim_listener>(*this, std::move(*place), options);
}

result<std::unique_ptr<io::listener>> sim_engine::listen(io::listening_socket,
                                                         const io::listen_options&) {
    return fail(errc::unsupported);
}

std::unique_ptr<io::transport> sim_engine::adopt(io::native_socket socket) {
    return std::make_unique<sim_transport>(*this, std::move(socket));
}

bool sim_engine::start(io::connect_op& connect) noexcept {
    return sim_connect::start(*this, connect);
}

bool sim_engine::cancel(io::connect_op& connect) noexcept { return sim_connect::cancel(connect); }

void sim_engine::abandon(io::connect_op& connect) noexcept { sim_connect::abandon(connect); }

bool sim_engine::begin(pending_operation& operation) noexcept {
    const time_point now = network_.now();
    if (network_.choices().coin() && operation.due(now) <= now && operation.go_on(now)) return true;
    waiting_.push_back(operation);
    return false;
}

bool sim_engine::take_back(pending_operation& operation) noexcept {
    if (operation.finished()) return false;
    operation.unlink();
    return true;
}

void sim_engine::poll(time_point until) noexcept {
    until_ = std::max(until, network_.now());
    busy_ = woken_.exchange(false, std::memory_order_acquire);
    busy_ = go_on() || busy_;
    if (busy_ || !network_.lone_engine()) return;
    const time_point next = std::min(until_, earliest_due());
    if (next == never) {
        woken_.wait(false, std::memory_order_acquire);
        return;
    }
    network_.move_clock(next);
    busy_ = go_on();
}

bool sim_engine::go_on() noexcept {
    const time_point now = network_.now();
    bool any = false;
    // Whoever goes on may, by giving something up, take others of the list back.
    pending_list round;
    round.take(waiting_);
    while (pending_operation* next = round.try_pop_front()) {
        const bool due = next->due(now) <= now;
        any = any || due;
        waiting_.push_back(*next);
        if (!due || !next->go_on(now)) continue;
        next->unlink();
        next->set_finished(true);
        finished_.push_back(*next);
    }
    return any;
}

void sim_engine::complete() noexcept {
    while (!finished_.empty()) {
        pending_operation& next = network_.choices().coin() ? finished_.front() : finished_.back();
        next.unlink();
        next.set_finished(false);
        next.complete();
    }
}

void sim_engine::wake() noexcept {
    woken_.store(true, std::memory_order_release);
    woken_.notify_one();
}

time_point sim_engine::earliest_due() noexcept {
    const time_point now = network_.now();
    time_point earliest = never;
    waiting_.each([&](pending_operation& each) { earliest = std::min(earliest, each.due(now)); });
    return earliest;
}

time_point sim_engine::next_event() noexcept {
    if (busy_ || woken_.load(std::memory_order_acquire)) return network_.now();
    return std::min(until_, earliest_due());
}

}  // namespace weir::inline v0::sim
