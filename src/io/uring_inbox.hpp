// What a multishot receive has brought and nobody has taken yet, and how the stream ended.
//
// It never needs more than one slab: the kernel ends the receive after so many bytes that one slab
// has room for them, however many small pieces they came in, and it is armed again only when all
// has been taken. Together with the slab that the last taker may still look at, a connection that
// nobody reads owns two at most.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/io/operation.hpp"
#include "weir/io/slab.hpp"

namespace weir::inline v0::io {

class uring_inbox {
public:
    // The most that one piece may have, and after how many bytes the receive ends. The last piece
    // may begin just below the total.
    static constexpr std::size_t piece_bytes = slab_room / 2;
    static constexpr std::size_t total_bytes = piece_bytes;
    static_assert(total_bytes - 1 + piece_bytes <= slab_room);

    // A piece beyond what the kernel was allowed ends the stream with errc::internal.
    void put(slab piece, std::size_t size) noexcept;
    // No more bytes will follow those that are here.
    void end(errc how) noexcept { end_ = how; }
    bool ended_in_order() const noexcept { return end_ == errc::end_of_stream; }
    std::size_t size() const noexcept { return size_; }
    // Copies the first bytes, which stay. How many.
    std::size_t peek(bytes_span into) const noexcept;
    // Answers the operation with bytes, or with the end where there are none left; false where
    // there is neither.
    bool answer(receive_op& op) noexcept;

private:
    bool empty() const noexcept { return size_ == 0; }
    void copy_to(receive_op& op) noexcept;
    void to_front() noexcept;

    slab slab_;
    std::uint32_t begin_ = 0;  // of what has not been taken
    std::uint32_t size_ = 0;
    errc end_{};
};

}  // namespace weir::inline v0::io
