// Blocks for output, kept by a loop for the next one who writes.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"

namespace weir::inline v0::io {

inline constexpr std::size_t block_size = 16 * 1024;

class block_pool;

// Owns one block; gives it back to its loop's pool.
class block {
public:
    block() noexcept = default;
    block(block&& other) noexcept
        : pool_{std::exchange(other.pool_, nullptr)}, data_{std::exchange(other.data_, nullptr)} {}
    block& operator=(block&& other) noexcept {
        std::swap(pool_, other.pool_);
        std::swap(data_, other.data_);
        return *this;
    }
    ~block();

    explicit operator bool() const noexcept { return data_ != nullptr; }
    bytes_span memory() const noexcept { return {data_, block_size}; }

private:
    friend class block_pool;
    block(block_pool& pool, std::byte* data) noexcept : pool_{&pool}, data_{data} {}

    block_pool* pool_ = nullptr;
    std::byte* data_ = nullptr;
};

class WEIR_API block_pool {
public:
    block_pool() noexcept = default;
    block_pool(const block_pool&) = delete;
    block_pool& operator=(const block_pool&) = delete;
    ~block_pool();

    // Throws std::bad_alloc.
    block take();
    // Blocks taken and not given back.
    std::size_t in_use() const noexcept { return in_use_; }

private:
    friend class block;
    static constexpr std::size_t most_kept = 64;

    struct free_block {
        free_block* next;
    };
    void give_back(std::byte* data) noexcept;

    free_block* free_ = nullptr;
    std::size_t kept_ = 0;
    std::size_t in_use_ = 0;
};

inline block::~block() {
    if (data_ != nullptr) pool_->give_back(data_);
}

}  // namespace weir::inline v0::io
