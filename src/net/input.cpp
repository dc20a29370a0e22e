#include "weir/net/input.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>
#include <utility>

#include "weir/base/asan.hpp"

namespace weir::net {

void input_buffer::consume(std::size_t bytes) noexcept {
    assert(bytes <= size_);
    const bool pinned = slab_ ? slab_.shared() : heap_.use_count() > 1;
    if (!pinned) poison(begin_, bytes);
    begin_ += bytes;
    size_ -= bytes;
    if (size_ == 0) clear();
}

void input_buffer::clear() noexcept {
    begin_ = nullptr;
    size_ = 0;
    slab_.reset();
    if (heap_) unpoison(heap_.get(), heap_size_);
    heap_.reset();
    heap_size_ = 0;
}

result<bytes_span> input_buffer::prepare(std::size_t limit) noexcept {
    if (size_ == 0) return bytes_span{};
    if (size_ >= limit) return fail(errc::too_large);
    try {
        if (size_ < small_rest) {
            if (slab_ || heap_size_ > small_rest) move_to_heap(small_rest);
            return bytes_span{};
        }
        const bytes_span place = slab_ ? slab_.memory() : bytes_span{heap_.get(), heap_size_};
        std::byte* const end = begin_ + size_;
        const auto room = static_cast<std::size_t>(place.data() + place.size() - end);
        if (room >= least_room) return bytes_span{end, std::min(room, limit - size_)};
        move_to_heap(std::max(first_assembly, 2 * size_));
    } catch (const std::bad_alloc&) {
        return fail(errc::out_of_memory);
    }
    return bytes_span{begin_ + size_, std::min(heap_size_, limit) - size_};
}

void input_buffer::move_to_heap(std::size_t capacity) {
    auto moved = std::make_shared_for_overwrite<std::byte[]>(capacity);
    std::memcpy(moved.get(), begin_, size_);
    const std::size_t size = size_;
    clear();
    heap_ = std::move(moved);
    heap_size_ = capacity;
    begin_ = heap_.get();
    size_ = size;
}

void input_buffer::arrived(io::slab slab, std::size_t size) noexcept {
    std::byte* const front = slab.room().data() - size_;
    if (size_ > 0) std::memcpy(front, begin_, size_);
    const std::size_t whole = size_ + size;
    clear();
    slab_ = std::move(slab);
    begin_ = front;
    size_ = whole;
}

}  // namespace weir::net
