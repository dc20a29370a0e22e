#include "sim_transport.hpp"

#include <cassert>
#include <utility>

namespace weir::inline v0::sim {

sim_transport::sim_transport(sim_engine& engine, io::native_socket socket)
    : engine_{engine}, end_{engine.network().adopt(socket.release())}, peer_{socket.peer()} {}

sim_transport::~sim_transport() {
    assert(receiving_.op() == nullptr && sending_.op() == nullptr && watching_.op() == nullptr);
    const time_point now = engine_.now();
    if (aborted_) {
        end_.reset(now);
    } else {
        end_.close(now);
    }
}

bool sim_transport::start(io::receive_op& receive) noexcept {
    assert(receiving_.op() == nullptr && "one receive at a time");
    receiving_.begin(&receive);
    if (!engine_.begin(receiving_)) return false;
    receiving_.begin(nullptr);
    return true;
}

bool sim_transport::start(io::send_op& send) noexcept {
    assert(sending_.op() == nullptr && "one send at a time");
    sending_.begin(&send);
    if (!engine_.begin(sending_)) return false;
    sending_.begin(nullptr);
    return true;
}

bool sim_transport::start(io::break_op& watch) noexcept {
    assert(watching_.op() == nullptr && "one watch at a time");
    watching_.begin(&watch);
    if (!engine_.begin(watching_)) return false;
    watching_.begin(nullptr);
    return true;
}

bool sim_transport::cancel(io::operation& pending) noexcept {
    if (&pending == receiving_.op()) {
        if (!sim_engine::take_back(receiving_)) return false;
        receiving_.begin(nullptr);
    } else if (&pending == sending_.op()) {
        if (!sim_engine::take_back(sending_)) return false;
        sending_.begin(nullptr);
    } else if (&pending == watching_.op()) {
        if (!sim_engine::take_back(watching_)) return false;
        watching_.begin(nullptr);
    }
    return true;
}

void sim_transport::abandon(io::operation& pending) noexcept {
    if (&pending == receiving_.op()) {
        receiving_.unlink();
        receiving_.set_finished(false);
        receiving_.begin(nullptr);
    } else if (&pending == sending_.op()) {
        sending_.unlink();
        sending_.set_finished(false);
        sending_.begin(nullptr);
    } else if (&pending == watching_.op()) {
        watching_.unlink();
        watching_.set_finished(false);
        watching_.begin(nullptr);
    }
}

std::optional<std::size_t> sim_transport::left_before_end() const noexcept {
    return end_.left_before_end(engine_.now());
}

void sim_transport::shutdown() noexcept { end_.shutdown(engine_.now()); }

void sim_transport::receiving::begin(io::receive_op* op) noexcept {
    op_ = op;
    starved_ = false;
}

bool sim_transport::receiving::no_slab() const noexcept {
    return op_->into().empty() && owner_->engine_.slabs().scarce();
}

time_point sim_transport::receiving::due(time_point now) const noexcept {
    if (starved_ && no_slab()) return never;
    return owner_->end_.readable(now);
}

bool sim_transport::receiving::go_on(time_point now) noexcept {
    sim_engine& engine = owner_->engine_;
    if (no_slab()) {
        starved_ = true;
        engine.slabs().evict_oldest();
        return false;
    }
    starved_ = false;
    return owner_->end_.receive(*op_, engine.slabs(), engine.network().choices().chunk(), now);
}

void sim_transport::receiving::complete() noexcept { std::exchange(op_, nullptr)->on_complete(); }

time_point sim_transport::sending::due(time_point now) const noexcept {
    return owner_->end_.writable(now);
}

bool sim_transport::sending::go_on(time_point now) noexcept {
    return owner_->end_.send(*op_, owner_->engine_.network().choices().chunk(), now);
}

void sim_transport::sending::complete() noexcept { std::exchange(op_, nullptr)->on_complete(); }

time_point sim_transport::watching::due(time_point) const noexcept { return owner_->end_.breaks(); }

bool sim_transport::watching::go_on(time_point now) noexcept {
    op_->set_status(errc::reset);
    return owner_->end_.breaks() <= now;
}

void sim_transport::watching::complete() noexcept { std::exchange(op_, nullptr)->on_complete(); }

}  // namespace weir::inline v0::sim
