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

}  // namespace

constinit thread_local frame_pool* frame_pool::in_use_ = nullptr;

frame_pool::~frame_pool() {
    for (size_class& at : classes_) {
        while (free_block* block = at.first) {
            at.first = block->next;
            ::operator delete(block);
        }
    }
}

void* frame_pool::make(std::size_t size) {
    return ::operator new(pooling && size <= largest ? block_size(class_of(size)) : size);
}

frame_pool::use::use(frame_pool& pool) noexcept
    : before_{std::exchange(in_use_, pooling ? &pool : nullptr)} {}

frame_pool::use::~use() { in_use_ = before_; }

void frame_is_misplaced() noexcept {
    std::fputs(
        "weir: GCC misplaced a coroutine's frame. Name what is awaited in its condition: write\n"
        "    if (auto done = co_await x(); !done)      instead of  if (!co_await x())\n"
        "    while (auto more = co_await x())          instead of  while (co_await x())\n",
        stderr);
    std::abort();
}

}  // namespace weir::inline v0
