#include "weir/pool/ledger.hpp"

#include <cassert>

namespace weir::inline v0::pool {

ledger::~ledger() {
    const lock_guard lock{mutex_};
    assert(claimed_.empty() && "a lease outlives its pool");
}

void ledger::add(slot_base& slot) noexcept {
    const lock_guard lock{mutex_};
    vacant_.push_back(slot);
}

slot_base* ledger::claim(time_point now) noexcept {
    const lock_guard lock{mutex_};
    // While it is being emptied, more may be claimed than there are permits.
    if (closed_) return nullptr;
    slot_base* got = idle_.try_pop_back();
    if (got != nullptr) {
        --counts_.idle;
        ++counts_.in_use;
    } else {
        got = vacant_.try_pop_front();
        assert(got != nullptr && "more claims than permits");
        ++counts_.creating;
    }
    got->claimed_at_ = now;
    claimed_.push_back(*got);
    return got;
}

slot_base* ledger::claim_idle() noexcept {
    const lock_guard lock{mutex_};
    slot_base* got = idle_.try_pop_front();
    if (got == nullptr) return nullptr;
    --counts_.idle;
    ++counts_.in_use;
    claimed_.push_back(*got);
    return got;
}

void ledger::fill(slot_base& slot) noexcept {
    const lock_guard lock{mutex_};
    slot.filled_ = true;
    --counts_.creating;
    ++counts_.in_use;
    ++counts_.created;
}

bool ledger::keep(slot_base& slot) noexcept {
    const lock_guard lock{mutex_};
    if (closed_) return false;
    slot.unlink();
    idle_.push_back(slot);
    --counts_.in_use;
    ++counts_.idle;
    return true;
}

void ledger::vacate(slot_base& slot) noexcept {
    const lock_guard lock{mutex_};
    slot.unlink();
    vacant_.push_back(slot);
    if (slot.filled_) {
        slot.filled_ = false;
        --counts_.in_use;
        ++counts_.discarded;
    } else {
        --counts_.creating;
        ++counts_.creation_failures;
    }
}

void ledger::close() noexcept {
    const lock_guard lock{mutex_};
    closed_ = true;
}

stats ledger::counts() const noexcept {
    const lock_guard lock{mutex_};
    return counts_;
}

std::size_t ledger::claimed_before(time_point then) const noexcept {
    const lock_guard lock{mutex_};
    std::size_t found = 0;
    claimed_.each([&](const slot_base& slot) { found += slot.claimed_at_ <= then ? 1 : 0; });
    return found;
}

}  // namespace weir::inline v0::pool
