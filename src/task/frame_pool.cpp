#include "weir/task/frame_pool.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

#include "weir/base/asan.hpp"

namespace weir::inline v0 {
namespace {

// Under AddressSanitizer each frame is a heap block, so that use after release is found.
constexpr bool pooling = !under_asan;

// The compiler's hook has no argument for it; a loop sets it around each turn.
thread_local frame_pool* in_use = nullptr;

}  // namespace

frame_pool::~frame_pool() {
    for (size_class& at : classes_) {
        while (free_block* block = at.first) {
            at.first = block->next;
            ::operator delete(block);
        }
    }
}

void* frame_pool::allocate(std::size_t size) {
    if (!pooling || size > largest) return ::operator new(size);
    const std::size_t index = class_of(size);
    if (in_use != nullptr) {
        size_class& from = in_use->classes_[index];
        if (free_block* block = from.first) {
            from.first = block->next;
            --from.kept;
            return block;
        }
    }
    return ::operator new(block_size(index));
}

void frame_pool::release(void* block, std::size_t size) noexcept {
    if (pooling && size <= largest && in_use != nullptr) {
        const std::size_t index = class_of(size);
        size_class& to = in_use->classes_[index];
        if (to.kept * block_size(index) < kept_per_class) {
            to.first = ::new (block) free_block{to.first};
            ++to.kept;
            return;
        }
    }
    ::operator delete(block);
}

frame_pool::use::use(frame_pool& pool) noexcept : before_{std::exchange(in_use, &pool)} {}

frame_pool::use::~use() { in_use = before_; }

void frame_is_misplaced() noexcept {
    std::fputs(
        "weir: GCC misplaced a coroutine's frame. Name what is awaited in its condition: write\n"
        "    if (auto done = co_await x(); !done)      instead of  if (!co_await x())\n"
        "    while (auto more = co_await x())          instead of  while (co_await x())\n",
        stderr);
    std::abort();
}

}  // namespace weir::inline v0
