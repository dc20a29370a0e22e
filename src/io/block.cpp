#include "weir/io/block.hpp"

#include <new>

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"

namespace weir::inline v0::io {

block_pool::~block_pool() {
    while (free_block* next = free_) {
        free_ = next->next;
        unpoison(next, block_size);
        ::operator delete(next);
    }
}

block block_pool::take() {
    std::byte* data = nullptr;
    if (fence::up()) {
        data = static_cast<std::byte*>(fence::take(block_size));
        if (data == nullptr) throw std::bad_alloc{};
    } else if (free_ != nullptr) {
        data = reinterpret_cast<std::byte*>(free_);
        free_ = free_->next;
        unpoison(data, block_size);
        --kept_;
    } else {
        data = static_cast<std::byte*>(::operator new(block_size));
    }
    ++in_use_;
    return block{*this, data};
}

void block_pool::give_back(std::byte* data) noexcept {
    --in_use_;
    if (fence::give_back(data, {})) return;
    if (kept_ == most_kept) {
        ::operator delete(data);
        return;
    }
    free_ = ::new (data) free_block{free_};
    poison(data + sizeof(free_block), block_size - sizeof(free_block));
    ++kept_;
}

}  // namespace weir::inline v0::io
