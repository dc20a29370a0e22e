// What is to be sent on a connection: copied into pooled blocks, or viewed where it is, gathered
// and sent together. An idle connection has none of it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/io/block.hpp"
#include "weir/io/operation.hpp"

namespace weir::inline v0::net {

class WEIR_API output_buffer {
public:
    output_buffer(io::block_pool& blocks, std::size_t limit) noexcept
        : blocks_{&blocks}, limit_{limit} {}
    output_buffer(const output_buffer&) = delete;
    output_buffer& operator=(const output_buffer&) = delete;
    ~output_buffer() { clear(); }

    // Bytes not sent yet.
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return first_ == nullptr; }
    // What can be appended before the limit is reached.
    std::size_t room() const noexcept { return limit_ - std::min(limit_, size_); }
    bool has_views() const noexcept { return views_ > 0; }

    // False where the limit would be exceeded; nothing is taken then. Throw std::bad_alloc.
    bool append(bytes_view bytes);
    bytes_span reserve(std::size_t bytes);
    void commit(std::size_t bytes) noexcept;
    // Takes no memory of ours, so one view may go beyond the limit: false only where there is no
    // room at all.
    bool append_view(bytes_view bytes);

    // What one send operation can take: the first chunk's pieces. They stay as they are from now
    // on, what is appended goes behind them. drop_first() when they are sent: their bytes.
    std::span<io::piece> seal_first() noexcept;
    std::size_t first_size() const noexcept { return first_->bytes; }
    std::size_t drop_first() noexcept;
    void clear() noexcept;

private:
    // A block and the pieces in and around it, in order.
    struct chunk {
        static void* operator new(std::size_t size);
        static void operator delete(void* memory, std::size_t size) noexcept;

        chunk* next = nullptr;
        io::block block;
        std::size_t used = 0;
        std::size_t count = 0;
        std::size_t bytes = 0;
        unsigned views = 0;
        bool open = false;  // the last piece ends where the block's free part begins
        bool sealed = false;
        std::array<io::piece, 16> pieces;
    };

    void retire(chunk* sent) noexcept;
    chunk& last_with_room(std::size_t bytes);
    chunk& add_chunk();

    io::block_pool* blocks_;
    std::size_t limit_;
    std::size_t size_ = 0;
    std::size_t views_ = 0;
    chunk* first_ = nullptr;
    chunk* last_ = nullptr;
    chunk own_;  // in most cases all that is needed; in use where it is first
};

}  // namespace weir::inline v0::net
