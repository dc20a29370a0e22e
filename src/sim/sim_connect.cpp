#include "sim_connect.hpp"

#include "sim_listener.hpp"

namespace weir::inline v0::sim {
namespace {

// After how long a first packet that got no answer is sent again (RFC 6298, section 2).
constexpr duration retransmit = std::chrono::seconds{1};

sim_connect& attempt_of(io::connect_op& pending) noexcept {
    return *static_cast<sim_connect*>(pending.engine_data());
}

}  // namespace

sim_connect::sim_connect(sim_engine& engine, io::connect_op& op) noexcept
    : engine_{engine}, op_{&op}, arrives_{engine.now() + 2 * engine.network().latency()} {}

bool sim_connect::start(sim_engine& engine, io::connect_op& op) noexcept {
    // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): without memory a simulation ends
    auto* attempt = new sim_connect{engine, op};
    op.set_engine_data(attempt);
    if (!engine.begin(*attempt)) return false;
    delete attempt;
    return true;
}

bool sim_connect::cancel(io::connect_op& pending) noexcept {
    sim_connect& attempt = attempt_of(pending);
    if (!sim_engine::take_back(attempt)) return false;
    delete &attempt;
    return true;
}

void sim_connect::abandon(io::connect_op& pending) noexcept { delete &attempt_of(pending); }

bool sim_connect::go_on(time_point now) noexcept {
    sim_listener* listener = engine_.network().listening(op_->to());
    if (listener == nullptr) {
        op_->set_status(errc::refused);
        return true;
    }
    if (!listener->open()) {
        arrives_ = now + retransmit;
        return false;
    }
    auto [near, far] = engine_.network().connect(op_->to());
    listener->arrive(std::move(far));
    op_->connected(std::move(near));
    return true;
}

void sim_connect::complete() noexcept {
    io::connect_op* op = op_;
    delete this;
    op->on_complete();
}

}  // namespace weir::inline v0::sim
