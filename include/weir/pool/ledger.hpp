// Which of a pool's places are vacant, idle or leased. Knows nothing of what is kept in them.
//
// Every place is in exactly one list. Only who holds a permit of the pool claims a place, and there
// are as many permits as places, so a claim finds one until the pool closes. From any thread; the
// lock is held for a few instructions.
#pragma once

#include <cstddef>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/intrusive_list.hpp"
#include "weir/base/mutex.hpp"
#include "weir/pool/stats.hpp"

namespace weir::inline v0::pool {

struct slot_tag;

class slot_base : public list_hook<slot_tag> {
private:
    friend class ledger;
    time_point claimed_at_{};
    bool filled_ = false;
};

class WEIR_API ledger {
public:
    ledger() noexcept = default;
    ledger(const ledger&) = delete;
    ledger& operator=(const ledger&) = delete;
    // Nothing is leased.
    ~ledger();

    // A place, vacant at first; it outlives the ledger's use of it.
    void add(slot_base& slot) noexcept WEIR_EXCLUDES(mutex_);

    // Who claims a slot has it alone until keep() or vacate(). The idle one that was used last, or
    // else a vacant one, whose resource then is being created. Null where the pool is closed.
    slot_base* claim(time_point now) noexcept WEIR_EXCLUDES(mutex_);
    // For who empties a closed pool, without a permit: an idle one, or null.
    slot_base* claim_idle() noexcept WEIR_EXCLUDES(mutex_);
    // Its resource has been created.
    void fill(slot_base& slot) noexcept WEIR_EXCLUDES(mutex_);
    // Back to the idle ones; false where the pool is closed.
    bool keep(slot_base& slot) noexcept WEIR_EXCLUDES(mutex_);
    // Its resource is gone, or never came.
    void vacate(slot_base& slot) noexcept WEIR_EXCLUDES(mutex_);
    // Nothing is claimed and nothing kept any more.
    void close() noexcept WEIR_EXCLUDES(mutex_);

    stats counts() const noexcept WEIR_EXCLUDES(mutex_);
    // How many were claimed before then and are out still.
    std::size_t claimed_before(time_point then) const noexcept WEIR_EXCLUDES(mutex_);

private:
    using slot_list = intrusive_list<slot_base, slot_tag>;

    mutable mutex mutex_;
    mutable slot_list claimed_ WEIR_GUARDED_BY(mutex_);
    slot_list idle_ WEIR_GUARDED_BY(mutex_);
    slot_list vacant_ WEIR_GUARDED_BY(mutex_);
    stats counts_ WEIR_GUARDED_BY(mutex_);
    bool closed_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir::inline v0::pool
