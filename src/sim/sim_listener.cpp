#include "sim_listener.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir::inline v0::sim {

sim_listener::sim_listener(sim_engine& engine, io::endpoint local,
                           const io::listen_options& options)
    : engine_{engine},
      local_{std::move(local)},
      backlog_{static_cast<std::size_t>(std::max(options.backlog, 1))} {
    engine_.network().add(*this);
}

sim_listener::~sim_listener() {
    assert(accepting_.op() == nullptr);
    engine_.network().remove(*this);
    for (io::native_socket& socket : queue_) engine_.network().reset(socket.release());
}

bool sim_listener::start(io::accept_op& accept) noexcept {
    assert(accepting_.op() == nullptr && "one accept at a time");
    accepting_.begin(&accept);
    if (!engine_.begin(accepting_)) return false;
    accepting_.begin(nullptr);
    return true;
}

bool sim_listener::cancel(io::operation&) noexcept {
    if (!sim_engine::take_back(accepting_)) return false;
    accepting_.begin(nullptr);
    return true;
}

void sim_listener::abandon(io::operation&) noexcept {
    accepting_.unlink();
    accepting_.set_finished(false);
    accepting_.begin(nullptr);
}

time_point sim_listener::accepting::due(time_point now) const noexcept {
    return owner_->queue_.empty() ? never : now;
}

bool sim_listener::accepting::go_on(time_point) noexcept {
    op_->accepted(std::move(owner_->queue_.front()));
    owner_->queue_.pop_front();
    return true;
}

void sim_listener::accepting::complete() noexcept { std::exchange(op_, nullptr)->on_complete(); }

}  // namespace weir::inline v0::sim
