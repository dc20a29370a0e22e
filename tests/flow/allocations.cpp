#include "flow/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

constinit std::atomic<std::size_t> counted = 0;

[[maybe_unused]] void* count_and_allocate(std::size_t size) {
    counted.fetch_add(1, std::memory_order_relaxed);
    void* block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr) throw std::bad_alloc{};
    return block;
}

}  // namespace

namespace weir::inline v0 {

std::size_t allocations() noexcept { return counted; }

}  // namespace weir::inline v0

#if WEIR_COUNTS_ALLOCATIONS
void* operator new(std::size_t size) { return count_and_allocate(size); }
void* operator new[](std::size_t size) { return count_and_allocate(size); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }
#endif
