#include "weir/io/assembly.hpp"

#include <cassert>
#include <new>

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"

namespace weir::inline v0::io {

result<heap_block> heap_block::make(std::size_t size, assembly_budget* budget) noexcept {
    void* const memory = fence::up() ? fence::take(sizeof(header) + size)
                                     : ::operator new(sizeof(header) + size, std::nothrow);
    if (memory == nullptr) return fail(errc::out_of_memory);
    return heap_block{new (memory) header{budget, size, 1, {}}};
}

void heap_block::give_back(header* last) noexcept {
    if (last->budget != nullptr) last->budget->used_ -= last->size;
    unpoison(last + 1, last->size);
    if (!fence::give_back(last, last->delivered)) ::operator delete(last);
}

assembly_budget::~assembly_budget() { assert(used_ == 0 && "a block outlives its loop"); }

result<heap_block> assembly_budget::try_take(std::size_t size) noexcept {
    if (size > limit_ - used_) return fail(errc::overloaded);
    auto made = heap_block::make(size, this);
    if (made) used_ += size;
    return made;
}

}  // namespace weir::inline v0::io
