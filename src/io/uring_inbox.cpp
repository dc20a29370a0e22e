#include "uring_inbox.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir::inline v0::io {

void uring_inbox::put(slab piece, std::size_t size) noexcept {
    if (empty()) {
        slab_ = std::move(piece);
        begin_ = 0;
    } else if (begin_ + size_ + size > slab_room) {
        return end(errc::internal);
    } else {
        std::memcpy(slab_.room().data() + begin_ + size_, piece.room().data(), size);
    }
    size_ += static_cast<std::uint32_t>(size);
}

std::size_t uring_inbox::peek(bytes_span into) const noexcept {
    const std::size_t most = std::min<std::size_t>(into.size(), size_);
    if (most > 0) std::memcpy(into.data(), slab_.room().data() + begin_, most);
    return most;
}

bool uring_inbox::answer(receive_op& op) noexcept {
    if (!empty()) {
        op.set_status(errc{});
        if (!op.into().empty()) {
            copy_to(op);
        } else {
            to_front();
            op.received(std::move(slab_), std::exchange(size_, 0));
        }
        return true;
    }
    op.set_status(end_);
    return end_ != errc{};
}

void uring_inbox::copy_to(receive_op& op) noexcept {
    const std::size_t size = peek(op.into());
    op.received(size);
    begin_ += static_cast<std::uint32_t>(size);
    size_ -= static_cast<std::uint32_t>(size);
    if (empty()) slab_.reset();
}

// A slab is handed out with its bytes where a receive puts them.
void uring_inbox::to_front() noexcept {
    if (begin_ == 0) return;
    std::memmove(slab_.room().data(), slab_.room().data() + begin_, size_);
    begin_ = 0;
}

}  // namespace weir::inline v0::io
