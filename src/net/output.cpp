#include "weir/net/output.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "weir/task/frame_pool.hpp"

namespace weir::inline v0::net {

void* output_buffer::chunk::operator new(std::size_t size) { return frame_pool::allocate(size); }
void output_buffer::chunk::operator delete(void* memory, std::size_t size) noexcept {
    frame_pool::release(memory, size);
}

bool output_buffer::append(bytes_view bytes) {
    if (bytes.size() > room()) return false;
    while (!bytes.empty()) {
        const bytes_span place = reserve(1);
        const std::size_t part = std::min(place.size(), bytes.size());
        std::memcpy(place.data(), bytes.data(), part);
        commit(part);
        bytes = bytes.subspan(part);
    }
    return true;
}

bool output_buffer::append_view(bytes_view bytes) {
    if (bytes.empty()) return true;
    if (room() == 0) return false;
    chunk& to = last_with_room(0);
    to.pieces[to.count++] = {bytes.data(), bytes.size()};
    to.bytes += bytes.size();
    to.open = false;
    ++to.views;
    ++views_;
    size_ += bytes.size();
    return true;
}

bytes_span output_buffer::reserve(std::size_t bytes) {
    assert(bytes <= io::block_size);
    if (bytes > room()) return {};
    chunk& to = last_with_room(bytes);
    const bytes_span place = to.block.memory().subspan(to.used);
    return place.first(std::min(place.size(), room()));
}

void output_buffer::commit(std::size_t bytes) noexcept {
    if (bytes == 0) return;
    chunk& to = *last_;
    assert(!to.sealed && to.used + bytes <= io::block_size);
    if (to.open) {
        to.pieces[to.count - 1].size += bytes;
    } else {
        to.pieces[to.count++] = {to.block.memory().data() + to.used, bytes};
        to.open = true;
    }
    to.used += bytes;
    to.bytes += bytes;
    size_ += bytes;
}

// A chunk that takes so many bytes more into its block, or a view where there are none.
output_buffer::chunk& output_buffer::last_with_room(std::size_t bytes) {
    if (last_ == nullptr || last_->sealed) return add_chunk();
    const bool extends = last_->open && bytes > 0;
    const bool full = last_->count == last_->pieces.size() && !extends;
    if (full || bytes > io::block_size - last_->used) return add_chunk();
    return *last_;
}

output_buffer::chunk& output_buffer::add_chunk() {
    io::block block = blocks_->take();
    chunk* const added = first_ == nullptr ? &own_ : new chunk;  // the pieces are not cleared
    added->block = std::move(block);
    (last_ == nullptr ? first_ : last_->next) = added;
    last_ = added;
    return *added;
}

std::span<io::piece> output_buffer::seal_first() noexcept {
    first_->sealed = true;
    return {first_->pieces.data(), first_->count};
}

std::size_t output_buffer::drop_first() noexcept {
    chunk* const dropped = first_;
    const std::size_t bytes = dropped->bytes;
    first_ = dropped->next;
    if (first_ == nullptr) last_ = nullptr;
    size_ -= bytes;
    views_ -= dropped->views;
    retire(dropped);
    return bytes;
}

void output_buffer::retire(chunk* sent) noexcept {
    if (sent != &own_) {
        delete sent;
        return;
    }
    own_.block = {};
    own_.next = nullptr;
    own_.used = own_.count = own_.bytes = 0;
    own_.views = 0;
    own_.open = own_.sealed = false;
}

void output_buffer::clear() noexcept {
    while (first_ != nullptr) drop_first();
}

}  // namespace weir::inline v0::net
