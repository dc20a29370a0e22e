// Memory of a loop that is held by messages of which not everything has arrived.
#pragma once

#include <cstdint>

#include "weir/base/intrusive_list.hpp"

namespace weir::inline v0::io {

// Whoever keeps memory because a message is incomplete. When the budget runs out, the oldest is
// told to give up.
class memory_holder : public list_hook<memory_holder> {
public:
    virtual void evict() noexcept = 0;

protected:
    ~memory_holder() = default;
};

class evictable_memory {
public:
    // The holder stays listed until it leaves or is evicted.
    void hold(memory_holder& holder) noexcept { holders_.push_back(holder); }
    // Ends the oldest incomplete message, if there is one. Counted.
    void evict_oldest() noexcept {
        if (memory_holder* oldest = holders_.try_pop_front()) {
            ++evictions_;
            oldest->evict();
        }
    }
    std::uint64_t evictions() const noexcept { return evictions_; }

protected:
    evictable_memory() noexcept = default;
    ~evictable_memory() = default;

private:
    intrusive_list<memory_holder, memory_holder> holders_;
    std::uint64_t evictions_ = 0;
};

}  // namespace weir::inline v0::io
