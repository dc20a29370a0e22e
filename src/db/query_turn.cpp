#include "query_turn.hpp"

namespace weir::inline v0::db {

std::uint64_t query_turn::claim() noexcept {
    const lock_guard lock{mutex_};
    if (phase_ != phase::idle) return 0;
    phase_ = phase::claimed;
    return ++query_;
}

bool query_turn::revoke(std::uint64_t query) noexcept {
    const lock_guard lock{mutex_};
    if (query != query_ || phase_ != phase::claimed) return false;
    phase_ = phase::idle;
    return true;
}

// SQLite forgets an interrupt that comes between two of its calls; stopping_ is what stays. The
// lock keeps both from outliving their query, and the handle from being closed meanwhile.
void query_turn::interrupt(std::uint64_t query) noexcept {
    const lock_guard lock{mutex_};
    if (query != query_ || phase_ != phase::running || stopping()) return;
    stopping_.store(true, std::memory_order_relaxed);
    sqlite3_interrupt(handle_);
    changed_.notify_all();
}

void query_turn::await_end(std::uint64_t query) noexcept {
    const lock_guard lock{mutex_};
    while (query == query_ && phase_ == phase::running) changed_.wait(mutex_);
}

bool query_turn::begin(std::uint64_t query) noexcept {
    const lock_guard lock{mutex_};
    if (query != query_ || phase_ != phase::claimed) return false;
    phase_ = phase::running;
    return true;
}

void query_turn::end() noexcept {
    const lock_guard lock{mutex_};
    phase_ = phase::idle;
    stopping_.store(false, std::memory_order_relaxed);
    changed_.notify_all();
}

void query_turn::nap(std::chrono::milliseconds time) noexcept {
    const lock_guard lock{mutex_};
    if (!stopping()) changed_.wait_for(mutex_, time);
}

}  // namespace weir::inline v0::db
