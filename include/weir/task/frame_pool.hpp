// Coroutine frames from per-loop free lists, and a guard against a compiler that misplaces them.
//
// A frame is asked for by the compiler, which knows no loop; so the loop that is running names its
// pool for its thread. A frame made where no loop runs comes from the heap, and may go back to any
// pool: every block is a heap block of its size class.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

#include "weir/base/api.hpp"

namespace weir::inline v0 {

class WEIR_API frame_pool {
public:
    frame_pool() noexcept = default;
    frame_pool(const frame_pool&) = delete;
    frame_pool& operator=(const frame_pool&) = delete;
    ~frame_pool();

    // Throws std::bad_alloc. From the pool in use on this thread, if there is one.
    static void* allocate(std::size_t size) {
        if (in_use_ != nullptr && size <= largest) {
            size_class& from = in_use_->classes_[class_of(size)];
            if (free_block* const block = from.first) {
                from.first = block->next;
                --from.kept;
                return block;
            }
        }
        return make(size);
    }
    static void release(void* block, std::size_t size) noexcept {
        if (in_use_ != nullptr && size <= largest) {
            const std::size_t index = class_of(size);
            size_class& to = in_use_->classes_[index];
            if (to.kept < kept_per_class / block_size(index)) {
                to.first = ::new (block) free_block{to.first};
                ++to.kept;
                return;
            }
        }
        ::operator delete(block);
    }

    // Names pool as this thread's for as long as the guard lives; guards nest.
    class use {
    public:
        explicit use(frame_pool& pool) noexcept;
        use(const use&) = delete;
        use& operator=(const use&) = delete;
        ~use();

    private:
        frame_pool* before_;
    };

private:
    // Blocks of 16 n + 8 bytes: what fits between the headers that usual heaps put in front.
    static constexpr std::size_t granule = 16;
    static constexpr std::size_t smallest = 8;
    static constexpr std::size_t largest = 4088;
    static constexpr std::size_t class_of(std::size_t size) noexcept {
        return (size + granule - smallest - 1) / granule;
    }
    static constexpr std::size_t block_size(std::size_t size_class) noexcept {
        return smallest + size_class * granule;
    }
    // What a class of blocks may keep for later, in bytes; more goes back to the heap.
    static constexpr std::size_t kept_per_class = std::size_t{256} << 10U;

    struct free_block {
        free_block* next;
    };
    struct size_class {
        free_block* first = nullptr;
        std::size_t kept = 0;
    };

    static void* make(std::size_t size);

    // The compiler's hook has no argument for it; a loop sets it around each turn.
    static constinit thread_local frame_pool* in_use_;

    std::array<size_class, largest / granule + 1> classes_{};
};

// GCC 12 puts a flag in front of the frame of a coroutine that has no local variable and awaits a
// temporary in a condition (`while (co_await connection.fill())`): its handle then points 8 bytes
// into the block, and resuming it does nothing, or worse. Blocks are aligned to 16 bytes, which
// tells. Ends the process with a message that says what to write instead.
WEIR_API [[noreturn]] void frame_is_misplaced() noexcept;

inline void check_frame(const void* handle_address) noexcept {
#if defined(__GNUC__) && !defined(__clang__)
    if ((reinterpret_cast<std::uintptr_t>(handle_address) & 15U) != 0) [[unlikely]] {
        frame_is_misplaced();
    }
#else
    (void)handle_address;
#endif
}

}  // namespace weir::inline v0
