#include "weir/io/block_writer.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace weir::inline v0::io {

// Stands at the front of each block. Whoever owns the first owns them all.
struct alignas(2 * sizeof(void*)) block_writer::link {
    std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
    const std::byte* data() const noexcept { return reinterpret_cast<const std::byte*>(this + 1); }

    block next;
    std::size_t used = 0;  // of a block that is not the last
};

block_writer::block_writer(block_writer&& other) noexcept
    : blocks_{other.blocks_},
      first_{std::move(other.first_)},
      last_{std::exchange(other.last_, nullptr)},
      next_{std::exchange(other.next_, nullptr)},
      end_{std::exchange(other.end_, nullptr)},
      closed_{std::exchange(other.closed_, 0)} {}

block_writer& block_writer::operator=(block_writer&& other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(next_, other.next_);
    std::swap(end_, other.end_);
    std::swap(closed_, other.closed_);
    return *this;
}

std::size_t block_writer::size() const noexcept {
    return last_ == nullptr ? 0 : closed_ + static_cast<std::size_t>(next_ - last_->data());
}

// Block by block: a chain that went down by itself would need a stack as deep as it is long.
void block_writer::give_back_all() noexcept {
    while (first_) {
        link* const front = std::launder(reinterpret_cast<link*>(first_.memory().data()));
        block rest = std::move(front->next);
        front->~link();
        first_ = std::move(rest);
    }
    last_ = nullptr;
    next_ = end_ = nullptr;
    closed_ = 0;
}

// Only where the room that is asked for fits into a block.
void block_writer::add_block() {
    static_assert(sizeof(link) + largest_room == block_size);
    block added = blocks_->take();
    const bytes_span memory = added.memory();
    link* const made = ::new (memory.data()) link;
    if (last_ == nullptr) {
        first_ = std::move(added);
    } else {
        last_->used = static_cast<std::size_t>(next_ - last_->data());
        closed_ += last_->used;
        last_->next = std::move(added);
    }
    last_ = made;
    next_ = made->data();
    end_ = memory.data() + memory.size();
}

void block_writer::append_across(std::string_view text) {
    while (!text.empty()) {
        const bytes_span room = reserve(1);
        const std::size_t part = std::min(room.size(), text.size());
        std::memcpy(room.data(), text.data(), part);
        commit(part);
        text.remove_prefix(part);
    }
}

block_writer::parts::parts(const block_writer& of) noexcept : of_{&of}, at_{nullptr} {
    if (of.first_) at_ = std::launder(reinterpret_cast<const link*>(of.first_.memory().data()));
}

std::optional<bytes_view> block_writer::parts::next() noexcept {
    if (at_ == nullptr) return std::nullopt;
    const link& here = *at_;
    const bool last = at_ == of_->last_;
    const std::size_t used = last ? static_cast<std::size_t>(of_->next_ - here.data()) : here.used;
    at_ = last ? nullptr : std::launder(reinterpret_cast<const link*>(here.next.memory().data()));
    return bytes_view{here.data(), used};
}

}  // namespace weir::inline v0::io
