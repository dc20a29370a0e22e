// One of a pool's resources, for as long as it is held.
#pragma once

#include <cassert>
#include <memory>
#include <optional>
#include <utility>

#include "weir/base/error.hpp"
#include "weir/flow/shared_semaphore.hpp"
#include "weir/pool/ledger.hpp"

namespace weir::inline v0::pool {

template <class Resource>
class pool;
template <class Resource>
class acquire_awaiter;

template <class Resource>
class slot final : public slot_base {
public:
    std::unique_ptr<Resource> resource;
    std::optional<error> verdict;  // why it must not be kept
};

// Goes back synchronously on every way out, on whatever thread that is. Must not outlive its pool.
template <class Resource>
class [[nodiscard]] lease {
public:
    // Holds nothing.
    lease() noexcept = default;
    lease(lease&& other) noexcept
        : permit_{std::move(other.permit_)},
          pool_{std::exchange(other.pool_, nullptr)},
          slot_{std::exchange(other.slot_, nullptr)} {}
    lease& operator=(lease&& other) noexcept {
        std::swap(permit_, other.permit_);
        std::swap(pool_, other.pool_);
        std::swap(slot_, other.slot_);
        return *this;
    }
    ~lease() { release(); }

    explicit operator bool() const noexcept { return slot_ != nullptr; }
    Resource& operator*() const noexcept {
        assert(slot_ != nullptr);
        return *slot_->resource;
    }
    Resource* operator->() const noexcept { return &**this; }

    // It may be used on; when it comes back, it is destroyed rather than kept. The first reason
    // stays.
    void discard(error why) noexcept {
        assert(slot_ != nullptr);
        if (!slot_->verdict) slot_->verdict.emplace(std::move(why));
    }

    // Gives it back now.
    void release() noexcept {
        if (slot_ == nullptr) return;
        // The permit goes last: whose turn it is next finds the resource there.
        std::exchange(pool_, nullptr)->put_back(*std::exchange(slot_, nullptr));
        permit_.release();
    }

private:
    friend class pool<Resource>;
    friend class acquire_awaiter<Resource>;
    lease(pool<Resource>& from, slot<Resource>& claimed,
          flow::shared_semaphore::permit permit) noexcept
        : permit_{std::move(permit)}, pool_{&from}, slot_{&claimed} {}

    bool filled() const noexcept { return slot_->resource != nullptr; }

    flow::shared_semaphore::permit permit_;
    pool<Resource>* pool_ = nullptr;
    slot<Resource>* slot_ = nullptr;
};

}  // namespace weir::inline v0::pool
