#include "weir/io/slab.hpp"

#include <new>
#include <numeric>

#include <sys/mman.h>

#include "weir/base/asan.hpp"

namespace weir::inline v0::io {

slab_pool::slab_pool(std::size_t count) : references_(count), free_(count) {
    void* region = ::mmap(nullptr, count * slab_stride, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED) throw std::bad_alloc{};
    region_ = static_cast<std::byte*>(region);
    // The first is taken first, so that few slabs are ever touched where few are used.
    std::iota(free_.rbegin(), free_.rend(), 0U);
    poison(region_, count * slab_stride);
}

slab_pool::~slab_pool() {
    unpoison(region_, size() * slab_stride);
    ::munmap(region_, size() * slab_stride);
}

slab slab_pool::try_take() noexcept {
    if (free_.empty()) return {};
    // The one used last is in a cache. AddressSanitizer is to see who still looks at one, so that
    // under it none is taken again at once.
    const auto taken = under_asan ? free_.begin() : free_.end() - 1;
    const std::uint32_t index = *taken;
    free_.erase(taken);
    references_[index] = 1;
    unpoison(memory(index).data(), slab_size);
    return slab{*this, index};
}

void slab_pool::give_back(std::uint32_t index) noexcept {
    poison(memory(index).data(), slab_size);
    free_.push_back(index);
}

}  // namespace weir::inline v0::io
