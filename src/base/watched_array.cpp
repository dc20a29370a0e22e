#include "weir/base/watched_array.hpp"

#include <cstring>
#include <new>

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"

namespace weir::inline v0 {

void* watched_memory::copy(const void* of, std::size_t bytes) noexcept {
    if (!under_asan && !fence::up()) return nullptr;
    try {
        void* const memory = fence::allocator<std::byte>{}.allocate(bytes);
        return std::memcpy(memory, of, bytes);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void watched_memory::give_back(void* memory, std::size_t bytes) noexcept {
    fence::allocator<std::byte>{}.deallocate(static_cast<std::byte*>(memory), bytes);
}

}  // namespace weir::inline v0
