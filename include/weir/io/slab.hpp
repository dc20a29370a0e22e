// Receive buffers, which belong to a loop.
//
// A slab is 16 KiB: a headroom of 1 KiB, in which the rest of an earlier receive can be put in
// front of the next one, and room for one receive. The number of slabs is the loop's memory budget
// for reading; what is received is handed out as counted references, so that a view can pin its
// bytes. Everything here belongs to the loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/io/evictable_memory.hpp"

namespace weir::inline v0::io {

class slab_pool;

inline constexpr std::size_t slab_size = 16 * 1024;
inline constexpr std::size_t slab_headroom = 1024;
// The most that one receive brings.
inline constexpr std::size_t slab_room = slab_size - slab_headroom;
// From one slab to the next. More than the size, so that their first lines, which short messages
// use, do not all fall into the same few cache sets.
inline constexpr std::size_t slab_stride = slab_size + 320;

// A reference to a slab; the last one gives it back.
class slab {
public:
    using loop_bound = void;

    slab() noexcept = default;
    slab(const slab& other) noexcept;
    slab(slab&& other) noexcept
        : pool_{std::exchange(other.pool_, nullptr)}, index_{other.index_} {}
    slab& operator=(slab other) noexcept {
        std::swap(pool_, other.pool_);
        std::swap(index_, other.index_);
        return *this;
    }
    ~slab() {
        if (pool_ != nullptr) reset();
    }

    explicit operator bool() const noexcept { return pool_ != nullptr; }
    void reset() noexcept;
    // Others refer to it as well.
    bool shared() const noexcept;
    // All of it, headroom first.
    bytes_span memory() const noexcept;
    // What a receive may fill.
    bytes_span room() const noexcept { return memory().subspan(slab_headroom); }
    // For engines that number their buffers; release() leaves the count as it is.
    std::uint32_t index() const noexcept { return index_; }
    std::uint32_t release() noexcept {
        pool_ = nullptr;
        return index_;
    }

private:
    friend class slab_pool;
    slab(slab_pool& pool, std::uint32_t index) noexcept : pool_{&pool}, index_{index} {}

    slab_pool* pool_ = nullptr;
    std::uint32_t index_ = 0;
};

class WEIR_API slab_pool : public evictable_memory {
public:
    // Reserves address space for count slabs; a slab costs memory from its first use on. Throws
    // std::bad_alloc.
    explicit slab_pool(std::size_t count);
    slab_pool(const slab_pool&) = delete;
    slab_pool& operator=(const slab_pool&) = delete;
    ~slab_pool();

    // Empty where none is left.
    slab try_take() noexcept;
    // A slab released to an engine by number, back with one reference.
    slab adopt(std::uint32_t index) noexcept { return slab{*this, index}; }

    std::size_t size() const noexcept { return references_.size(); }
    std::size_t free() const noexcept { return free_.size(); }
    // Below a tenth free: readers pause.
    bool scarce() const noexcept { return free() * 10 < size(); }

private:
    friend class slab;
    bytes_span memory(std::uint32_t index) const noexcept {
        return {region_ + std::size_t{index} * slab_stride, slab_size};
    }
    void give_back(std::uint32_t index) noexcept;

    std::byte* region_ = nullptr;
    std::vector<std::uint32_t> references_;
    std::vector<std::uint32_t> free_;  // the last one used is the next one taken: see try_take()
};

inline bool slab::shared() const noexcept { return pool_->references_[index_] > 1; }
inline bytes_span slab::memory() const noexcept { return pool_->memory(index_); }
inline slab::slab(const slab& other) noexcept : pool_{other.pool_}, index_{other.index_} {
    if (pool_ != nullptr) ++pool_->references_[index_];
}
inline void slab::reset() noexcept {
    if (slab_pool* pool = std::exchange(pool_, nullptr)) {
        if (--pool->references_[index_] == 0) pool->give_back(index_);
    }
}

}  // namespace weir::inline v0::io
