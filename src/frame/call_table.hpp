// The calls that a server has not answered yet, by id.
//
// A caller that leaves keeps its place occupied, since the server still works on its call and still
// owes an answer: what is counted here is what the server counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace weir::inline v0::frame {

class pending_call;

class call_table {
public:
    explicit call_table(std::size_t places) : entries_(places) {
        for (std::size_t slot = places; slot > 0; --slot) free_.push_back(slot - 1);
    }

    bool full() const noexcept { return free_.empty(); }
    // Not where full(). The id has not been used here before.
    std::int64_t add(pending_call& call) noexcept {
        const std::size_t slot = free_.back();
        free_.pop_back();
        const auto id = static_cast<std::int64_t>(++sequence_ * entries_.size() + slot);
        entries_[slot] = entry{id, &call};
        return id;
    }
    // Its caller no longer waits.
    void abandon(std::int64_t id) noexcept {
        if (entry* found = find(id)) found->call = nullptr;
    }
    // It is answered. Nothing where no such call is in flight, null where its caller has left.
    std::optional<pending_call*> take(std::int64_t id) noexcept {
        entry* found = find(id);
        if (found == nullptr) return std::nullopt;
        found->id = 0;
        free_.push_back(static_cast<std::size_t>(found - entries_.data()));
        return found->call;
    }

private:
    struct entry {
        std::int64_t id = 0;
        pending_call* call = nullptr;
    };

    entry* find(std::int64_t id) noexcept {
        entry& at = entries_[static_cast<std::uint64_t>(id) % entries_.size()];
        return id > 0 && at.id == id ? &at : nullptr;
    }

    std::vector<entry> entries_;
    std::vector<std::size_t> free_;  // never larger than when it was made
    std::uint64_t sequence_ = 0;
};

}  // namespace weir::inline v0::frame
