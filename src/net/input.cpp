#include "weir/net/input.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"

namespace weir::inline v0::net {
namespace {

constexpr std::string_view next_fill = "the connection's next fill()";

}  // namespace

void input_buffer::consume(std::size_t bytes, const place& at) noexcept {
    assert(bytes <= size_);
    begin_ += bytes;
    size_ -= bytes;
    poison_consumed();
    const fence::naming given_up{{}, at};
    if (size_ == 0) {
        clear();
    } else if (bytes > 0) {
        fence_off();
    }
}

// What is there moves, so that who still looks at what was there is seen. Not so what is large, and
// charged to a budget; and where there is no memory for it, nobody is seen this time.
void input_buffer::fence_off() noexcept {
    if (!fence::up() || is_assembled()) return;
    if (auto own = io::heap_block::make(std::max(size_, io::slab_size))) move_to(std::move(*own));
}

pin input_buffer::keep() noexcept {
    poison_consumed();
    return {slab_, heap_};
}

void input_buffer::poison_consumed() noexcept {
    if constexpr (under_asan) {
        if (!pinned()) poison(memory().data(), static_cast<std::size_t>(begin_ - memory().data()));
    }
}

void input_buffer::clear() noexcept {
    const fence::naming ended{{}, std::string_view{"the end of its connection"}};
    begin_ = nullptr;
    size_ = 0;
    slab_.reset();
    heap_.reset();
}

result<bytes_span> input_buffer::prepare(std::size_t limit, io::assembly_budget& budget) noexcept {
    if (size_ == 0) return bytes_span{};
    const fence::naming given_up{{}, next_fill};
    if (size_ >= limit) return fail(errc::too_large);
    if (size_ < small_rest) {
        if (!slab_ && heap_.memory().size() <= small_rest) return bytes_span{};
        auto small = io::heap_block::make(small_rest);
        if (!small) return fail(small.error().code());
        move_to(std::move(*small));
        return bytes_span{};
    }
    if (room().size() < std::min(least_room, limit - size_)) {
        if (auto moved = assemble(limit, budget); !moved) return fail(moved.error().code());
    }
    return room().first(std::min(room().size(), limit - size_));
}

bytes_span input_buffer::room() const noexcept {
    return memory().subspan(static_cast<std::size_t>(begin_ + size_ - memory().data()));
}

result<> input_buffer::assemble(std::size_t limit, io::assembly_budget& budget) noexcept {
    const std::size_t capacity = std::min(limit, std::max(first_assembly, 2 * size_));
    // Both are there while one is copied into the other.
    const std::size_t held = is_assembled() ? heap_.memory().size() : 0;
    if (held + capacity > budget.limit()) return fail(errc::too_large);
    auto place = budget.try_take(capacity);
    if (!place) return fail(place.error().code());
    move_to(std::move(*place));
    return {};
}

void input_buffer::move_to(io::heap_block place) noexcept {
    std::byte* const begin = place.memory().data();
    std::memcpy(begin, begin_, size_);
    slab_.reset();
    heap_ = std::move(place);
    begin_ = begin;
}

void input_buffer::arrived(std::size_t size) noexcept {
    size_ += size;
    const fence::naming given_up{{}, next_fill};
    fence_off();
}

void input_buffer::arrived(io::slab slab, std::size_t size) noexcept {
    std::byte* const front = slab.room().data() - size_;
    if (size_ > 0) std::memcpy(front, begin_, size_);
    const std::size_t whole = size_ + size;
    const fence::naming given_up{{}, next_fill};
    clear();
    slab_ = std::move(slab);
    begin_ = front;
    size_ = whole;
    fence_off();
}

}  // namespace weir::inline v0::net
