// What has arrived on a connection and not been consumed, in one piece.
//
// Bytes stay where they were received as long as that is contiguous: in a slab of the loop. A rest
// of less than 1 KiB that has to wait moves to a small block, so that it pins no slab, and is put
// back in front of what arrives next. A message that does not fit into a slab moves once into an
// assembly buffer, which grows with the bytes that arrived and never with bytes announced, and is
// charged to the loop's budget for them.
#pragma once

#include <cstddef>
#include <source_location>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/io/assembly.hpp"
#include "weir/io/slab.hpp"

namespace weir::inline v0::net {

// Keeps bytes of an input alive and in place, a slab or an assembly buffer; copies are cheap.
// Belongs to the connection's loop.
class pin {
public:
    pin() noexcept = default;

private:
    friend class input_buffer;
    pin(io::slab slab, io::heap_block heap) noexcept
        : slab_{std::move(slab)}, heap_{std::move(heap)} {}

    io::slab slab_;
    io::heap_block heap_;
};

class WEIR_API input_buffer {
    using place = std::source_location;

public:
    input_buffer() noexcept = default;
    input_buffer(const input_buffer&) = delete;
    input_buffer& operator=(const input_buffer&) = delete;
    ~input_buffer() { clear(); }

    bytes_view view() const noexcept { return {begin_, size_}; }
    std::size_t size() const noexcept { return size_; }
    // Who asked for it: named to who comes too late, where Weir is built without NDEBUG.
    void delivered(const place& at) const noexcept { heap_.delivered(at); }
    // The first bytes are done with. Where somebody watches they can no longer be touched, unless
    // they are pinned.
    void consume(std::size_t bytes, const place& at = place::current()) noexcept;
    // What was consumed before, and is pinned no longer, can no longer be touched then either.
    pin keep() noexcept;
    // A pin keeps what was in it.
    bool pinned() const noexcept { return slab_ ? slab_.shared() : heap_ && heap_.shared(); }
    void clear() noexcept;

    // Where the next receive goes: behind what is there, or, if the place is empty, wherever the
    // engine chooses. Errors: too_large (more than limit would be collected, or more than the
    // budget has in all), overloaded (more than the budget has left), out_of_memory; nothing has
    // changed then.
    result<bytes_span> prepare(std::size_t limit, io::assembly_budget& budget) noexcept;
    // What came of it: size bytes behind what is there, or size bytes in a slab.
    void arrived(std::size_t size) noexcept;
    void arrived(io::slab slab, std::size_t size) noexcept;
    bool holds_slab() const noexcept { return static_cast<bool>(slab_); }
    bool is_assembled() const noexcept { return heap_.charged(); }

private:
    static constexpr std::size_t small_rest = io::slab_headroom;
    static constexpr std::size_t least_room = 2048;
    static constexpr std::size_t first_assembly = std::size_t{64} * 1024;

    bytes_span memory() const noexcept { return slab_ ? slab_.memory() : heap_.memory(); }
    // Behind what is there.
    bytes_span room() const noexcept;
    void poison_consumed() noexcept;
    void fence_off() noexcept;
    result<> assemble(std::size_t limit, io::assembly_budget& budget) noexcept;
    void move_to(io::heap_block place) noexcept;

    std::byte* begin_ = nullptr;
    std::size_t size_ = 0;
    io::slab slab_;
    io::heap_block heap_;  // a small rest, or an assembly buffer
};

}  // namespace weir::inline v0::net
