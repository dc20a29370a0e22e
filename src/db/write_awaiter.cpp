#include "write_awaiter.hpp"

namespace weir::inline v0::db {

write_awaiter::~write_awaiter() {
    if (!open_) return;
    queue_->abandon(*write_);
    env().scheduler().withdraw(*this);
}

// Entered here already, so that asking takes the lock once: an answer is only posted, and its loop
// runs what was posted after await_suspend() has returned.
bool write_awaiter::await_ready() noexcept {
    open_ = !queue_->enter(*write_, *this);
    return !open_;
}

void write_awaiter::await_suspend(continuation then) noexcept {
    park_unstoppable(then);
    turn_limit_.emplace(after(env().now(), acquire_timeout_), env());
    stop_node& limit = turn_limit_->env().stop();
    if (limit.requested()) {
        on_stop(limit.reason());
    } else {
        limit.add(*this);
    }
}

void write_awaiter::on_stop(errc reason) noexcept {
    // Else its turn did not come in time.
    const bool own = env().stop().requested();
    if (queue_->take_back(*write_, own)) {
        open_ = false;
        write_->fail(own ? error{reason} : error{errc::overloaded});
        wake();
    } else if (!own) {
        env().stop().add(*this);
    }
}

void write_awaiter::run() noexcept {
    open_ = false;
    turn_limit_.reset();
    resume_now();
}

}  // namespace weir::inline v0::db
