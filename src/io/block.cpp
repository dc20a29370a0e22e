#include "weir/io/block.hpp"

#include <new>

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"

namespace weir::inline v0::io {
namespace {

// Where a block that nobody has keeps the next one. Texts begin at a block's begin, and are to be
// caught there; a release has its first bytes in the cache.
constexpr std::size_t link_at = under_asan ? block_size - sizeof(void*) : 0;

}  // namespace

block_pool::~block_pool() {
    while (free_ != nullptr) {
        std::byte* const data = reinterpret_cast<std::byte*>(free_) - link_at;
        free_ = free_->next;
        unpoison(data, block_size);
        ::operator delete(data);
    }
}

block block_pool::take() {
    std::byte* data = nullptr;
    if (fence::up()) {
        data = static_cast<std::byte*>(fence::take(block_size));
        if (data == nullptr) throw std::bad_alloc{};
    } else if (free_ != nullptr) {
        data = reinterpret_cast<std::byte*>(free_) - link_at;
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
    free_ = ::new (data + link_at) free_block{free_};
    poison(data, link_at);
    const std::size_t behind = link_at + sizeof(free_block);
    poison(data + behind, block_size - behind);
    ++kept_;
}

}  // namespace weir::inline v0::io
