#include "weir/net/output.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "weir/task/frame_pool.hpp"

namespace weir::net {

void* output_buffer::chunk::operator new(std::size_t size) { return frame_pool::allocate(size); }
void output_buffer::chunk::operator delete(void* memory, std::size_t size) noexcept {
    frame_pool::release(memory, size);
}

bool output_buffer::append(bytes_view bytes) {
    if (over(bytes.size())) return false;
    while (!bytes.empty()) {
        const bytes_span room = reserve(1);
        const std::size_t part = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), part);
        commit(part);
        bytes = bytes.subspan(part);
    }
    return true;
}

bool output_buffer::append_view(bytes_view bytes) {
    if (over(bytes.size())) return false;
    if (bytes.empty()) return true;
    chunk& to = last_with_room(0, 1);
    to.pieces[to.count++] = {bytes.data(), bytes.size()};
    to.bytes += bytes.size();
    to.open = false;
    size_ += bytes.size();
    return true;
}

bytes_span output_buffer::reserve(std::size_t bytes) {
    assert(bytes <= io::block_size);
    if (over(bytes)) return {};
    chunk& to = last_with_room(bytes, 1);
    const bytes_span room = to.block.memory().subspan(to.used);
    return room.first(std::min(room.size(), limit_ - size_));
}

void output_buffer::commit(std::size_t bytes) noexcept {
    if (bytes == 0) return;
    chunk& to = *last_;
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

output_buffer::chunk& output_buffer::last_with_room(std::size_t bytes, std::size_t pieces) {
    if (last_ == nullptr) return add_chunk();
    const bool full = last_->count + pieces > last_->pieces.size() && !(last_->open && bytes > 0);
    if (full || last_->used + std::max<std::size_t>(bytes, 1) > io::block_size) return add_chunk();
    return *last_;
}

output_buffer::chunk& output_buffer::add_chunk() {
    auto made = std::make_unique<chunk>();
    made->block = blocks_->take();
    chunk* const added = made.release();
    (last_ == nullptr ? first_ : last_->next) = added;
    last_ = added;
    return *added;
}

std::span<io::piece> output_buffer::first() noexcept {
    return {first_->pieces.data(), first_->count};
}

void output_buffer::drop_first() noexcept {
    chunk* const sent = first_;
    first_ = sent->next;
    if (first_ == nullptr) last_ = nullptr;
    size_ -= sent->bytes;
    delete sent;
}

void output_buffer::clear() noexcept {
    while (first_ != nullptr) drop_first();
}

}  // namespace weir::net
