// Memory for what does not fit into a slab, and the budget that a loop has for it.
//
// A message that is larger than a slab is collected in a heap block, which is replaced by a larger
// one as its bytes arrive. All such blocks of a loop together stay within its budget, those that
// outlive their message because somebody pinned them included. Belongs to the loop's thread.
#pragma once

#include <cstddef>
#include <source_location>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/io/evictable_memory.hpp"

namespace weir::inline v0::io {

class assembly_budget;

// A reference to memory from the heap; the last one gives it back, and what it was charged with.
class WEIR_API heap_block {
public:
    heap_block() noexcept = default;
    heap_block(const heap_block& other) noexcept;
    heap_block(heap_block&& other) noexcept : at_{std::exchange(other.at_, nullptr)} {}
    heap_block& operator=(heap_block other) noexcept {
        std::swap(at_, other.at_);
        return *this;
    }
    ~heap_block() { reset(); }

    // Memory that no budget is charged with. Errors: out_of_memory.
    static result<heap_block> make(std::size_t size) noexcept { return make(size, nullptr); }

    explicit operator bool() const noexcept { return at_ != nullptr; }
    void reset() noexcept {
        if (header* const last = std::exchange(at_, nullptr)) {
            if (--last->references == 0) give_back(last);
        }
    }
    // Others refer to it as well.
    bool shared() const noexcept { return at_->references > 1; }
    bool charged() const noexcept { return at_ != nullptr && at_->budget != nullptr; }
    // Empty where there is none.
    bytes_span memory() const noexcept;
    // For who looks at it too late, in a debug build.
    void delivered(const std::source_location& at) const noexcept {
        if (at_ != nullptr) at_->delivered = at;
    }

private:
    friend class assembly_budget;
    // In front of the memory.
    struct alignas(std::max_align_t) header {
        assembly_budget* budget;
        std::size_t size;
        std::size_t references;
        std::source_location delivered;
    };

    explicit heap_block(header* at) noexcept : at_{at} {}
    static result<heap_block> make(std::size_t size, assembly_budget* budget) noexcept;
    static void give_back(header* last) noexcept;

    header* at_ = nullptr;
};

class WEIR_API assembly_budget : public evictable_memory {
public:
    explicit assembly_budget(std::size_t limit) noexcept : limit_{limit} {}
    assembly_budget(const assembly_budget&) = delete;
    assembly_budget& operator=(const assembly_budget&) = delete;
    // The blocks are gone by then.
    ~assembly_budget();

    std::size_t limit() const noexcept { return limit_; }
    std::size_t used() const noexcept { return used_; }
    // Errors: overloaded (the budget is used up), out_of_memory.
    result<heap_block> try_take(std::size_t size) noexcept;

private:
    friend class heap_block;

    std::size_t limit_;
    std::size_t used_ = 0;
};

inline heap_block::heap_block(const heap_block& other) noexcept : at_{other.at_} {
    if (at_ != nullptr) ++at_->references;
}
inline bytes_span heap_block::memory() const noexcept {
    if (at_ == nullptr) return {};
    return {reinterpret_cast<std::byte*>(at_ + 1), at_->size};
}

}  // namespace weir::inline v0::io
