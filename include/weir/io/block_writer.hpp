// Bytes while they are written: a chain of its loop's output blocks.
//
// Takes blocks from the pool as it grows and allocates nothing else; what was written stays where
// it is. How much may be written is for the writer to bound. Belongs to the loop of its pool.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/io/block.hpp"

namespace weir::inline v0::io {

class WEIR_API block_writer {
public:
    // The most that one reserve() gives.
    static constexpr std::size_t largest_room = block_size - 2 * sizeof(void*) * 2;

    // Lifetime: the pool outlives the writer.
    explicit block_writer(block_pool& blocks) noexcept : blocks_{&blocks} {}
    block_writer(block_writer&& other) noexcept;
    block_writer& operator=(block_writer&& other) noexcept;
    ~block_writer() { clear(); }

    // Room for at least so many bytes, contiguous; commit() says how many of them were written.
    // Throws std::bad_alloc.
    bytes_span reserve(std::size_t bytes) {
        assert(bytes <= largest_room);
        if (static_cast<std::size_t>(end_ - next_) < bytes) add_block();
        return {next_, end_};
    }
    void commit(std::size_t bytes) noexcept { next_ += bytes; }
    // Throws std::bad_alloc.
    void append(std::string_view text) {
        if (static_cast<std::size_t>(end_ - next_) < text.size()) return append_across(text);
        if (!text.empty()) std::memcpy(next_, text.data(), text.size());
        next_ += text.size();
    }
    void append(char c) {
        if (next_ == end_) add_block();
        *next_++ = static_cast<std::byte>(c);
    }

    std::size_t size() const noexcept;
    bool empty() const noexcept { return size() == 0; }
    // Gives all blocks back.
    void clear() noexcept {
        if (first_) give_back_all();
    }

    // The contiguous parts, in order. Lifetime: views into the writer, until the next append().
    class parts;
    parts all_parts() const noexcept;

private:
    struct link;

    void add_block();
    void append_across(std::string_view text);
    void close_last() noexcept;
    void give_back_all() noexcept;

    block_pool* blocks_;
    block first_;
    link* last_ = nullptr;
    std::byte* next_ = nullptr;
    std::byte* end_ = nullptr;
    std::size_t closed_ = 0;  // bytes in the blocks before the last
};

class WEIR_API block_writer::parts {
public:
    explicit parts(const block_writer& of) noexcept;
    std::optional<bytes_view> next() noexcept;

private:
    const block_writer* of_;
    const link* at_;
};

inline block_writer::parts block_writer::all_parts() const noexcept { return parts{*this}; }

}  // namespace weir::inline v0::io
