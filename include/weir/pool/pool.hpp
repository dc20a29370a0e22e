// Resources that are dear to make, lent to one user at a time, never more than max_size of them.
//
// Fair: turns are handed out in the order in which they were asked for, over all loops; a newcomer
// never overtakes who waits. Bounded: in resources, in waiters, in time. What is lent comes back on
// every way out. Lending an idle resource allocates nothing. It knows no sockets: what a resource
// is, its manager says.
//
// Every function may be called from any thread. The pool outlives its leases and those who wait.
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <memory>
#include <utility>

#include "weir/flow/shared_semaphore.hpp"
#include "weir/pool/acquire.hpp"
#include "weir/pool/lease.hpp"
#include "weir/pool/ledger.hpp"
#include "weir/pool/manager.hpp"
#include "weir/pool/options.hpp"
#include "weir/pool/stats.hpp"

namespace weir::inline v0::pool {

template <class Resource>
class pool {
public:
    explicit pool(std::unique_ptr<manager<Resource>> manager, options limits = {})
        : limits_{limits},
          manager_{std::move(manager)},
          slots_{std::make_unique<slot<Resource>[]>(limits.max_size)},
          turns_{limits.max_size, limits.max_waiters} {
        assert(limits.max_size > 0);
        for (std::size_t at = 0; at < limits.max_size; ++at) ledger_.add(slots_[at]);
    }
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    // No lease is out, nobody waits.
    ~pool() { close(); }

    // Answers with result<lease<Resource>>.
    // Errors: overloaded at once where max_waiters wait already; timed_out after acquire_timeout or
    // the task's own deadline; closed; what create() failed with.
    // Cancellation: answers with the stop's reason. A turn that came first stands; a creation under
    // way is stopped and awaited. Destroyed at any point, it leaves nothing behind.
    acquire_operand<Resource> acquire() noexcept { return acquire_operand<Resource>{*this}; }

    // Nothing is lent any more: who waits gets errc::closed, what is idle is destroyed here, what
    // is out is destroyed when it comes back.
    void close() noexcept {
        turns_.close();
        ledger_.close();
        while (slot_base* idle = ledger_.claim_idle()) give_up(as_slot(*idle), errc::closed);
    }

    stats counts() const noexcept {
        stats now = ledger_.counts();
        now.waiting = turns_.waiting();
        now.slow_acquires = slow_acquires_.load(std::memory_order_relaxed);
        return now;
    }
    // Leases that have been out for leak_threshold; O(leases), for a page or a periodic warning.
    std::size_t suspected_leaks(time_point now) const noexcept {
        if (limits_.leak_threshold <= duration::zero()) return 0;
        return ledger_.claimed_before(now - limits_.leak_threshold);
    }
    const options& limits() const noexcept { return limits_; }

private:
    friend class lease<Resource>;
    friend class acquire_awaiter<Resource>;

    static slot<Resource>& as_slot(slot_base& base) noexcept {
        return static_cast<slot<Resource>&>(base);
    }

    // A good idle resource, or a place to create one in; nothing where the pool is closed.
    lease<Resource> claim(flow::shared_semaphore::permit turn, time_point now) noexcept {
        while (slot_base* claimed = ledger_.claim(now)) {
            slot<Resource>& got = as_slot(*claimed);
            if (!got.resource) return {*this, got, std::move(turn)};
            const result<> good = manager_->check(*got.resource);
            if (good) return {*this, got, std::move(turn)};
            give_up(got, good.error());
        }
        return {};
    }

    void fill(lease<Resource>& of, std::unique_ptr<Resource> made) noexcept {
        assert(made != nullptr && "create() answers with a resource or an error");
        of.slot_->resource = std::move(made);
        ledger_.fill(*of.slot_);
    }

    void put_back(slot<Resource>& from) noexcept {
        if (!from.resource) return ledger_.vacate(from);
        if (!from.verdict) {
            if (result<> clean = manager_->recycle(*from.resource); !clean)
                from.verdict.emplace(std::move(clean.error()));
        }
        if (from.verdict) {
            const error why = std::move(*from.verdict);
            give_up(from, why);
        } else if (!ledger_.keep(from)) {
            give_up(from, errc::closed);
        }
    }

    void give_up(slot<Resource>& from, const error& why) noexcept {
        manager_->destroy(std::move(from.resource), why);
        from.verdict.reset();
        ledger_.vacate(from);
    }

    void note(duration waited) noexcept {
        if (waited >= limits_.slow_acquire) slow_acquires_.fetch_add(1, std::memory_order_relaxed);
    }

    const options limits_;
    const std::unique_ptr<manager<Resource>> manager_;
    const std::unique_ptr<slot<Resource>[]> slots_;
    ledger ledger_;
    std::atomic<std::uint64_t> slow_acquires_ = 0;
    flow::shared_semaphore turns_;
};

}  // namespace weir::inline v0::pool
