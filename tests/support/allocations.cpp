#include "support/allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>

#include <link.h>

namespace weir::heap {
namespace {

struct address_range {
    std::atomic<std::uintptr_t> begin = 0;
    std::atomic<std::uintptr_t> end = 0;

    bool holds(const void* address) const noexcept {
        const auto at = reinterpret_cast<std::uintptr_t>(address);
        return at >= begin.load(std::memory_order_relaxed) &&
               at < end.load(std::memory_order_relaxed);
    }
};

constinit std::atomic<std::uint64_t> ours = 0;
constinit std::atomic<std::uint64_t> theirs = 0;
constinit address_range apart;

constinit std::atomic<bool> refusing = false;
constinit std::atomic<pthread_t> refused_thread{};
constinit std::atomic<std::uint64_t> still_granted = 0;
constinit std::atomic<std::size_t> least_refused = 0;
constinit std::atomic<bool> was_refused = false;

}  // namespace

std::uint64_t requests() noexcept { return ours.load(std::memory_order_relaxed); }
std::uint64_t requests_apart() noexcept { return theirs.load(std::memory_order_relaxed); }

bool count_apart(std::string_view library) noexcept {
    const auto visit = [](dl_phdr_info* info, std::size_t, void* wanted) -> int {
        const std::string_view path = info->dlpi_name;
        if (path.find(*static_cast<std::string_view*>(wanted)) == path.npos) return 0;
        for (int i = 0; i < info->dlpi_phnum; ++i) {
            const auto& part = info->dlpi_phdr[i];
            if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
            const std::uintptr_t begin = info->dlpi_addr + part.p_vaddr;
            apart.begin.store(begin, std::memory_order_relaxed);
            apart.end.store(begin + part.p_memsz, std::memory_order_relaxed);
            return 1;
        }
        return 0;
    };
    return ::dl_iterate_phdr(visit, &library) != 0;
}

void count_nothing_apart() noexcept {
    apart.begin.store(0, std::memory_order_relaxed);
    apart.end.store(0, std::memory_order_relaxed);
}

void refuse_one(pthread_t thread, std::uint64_t skipped, std::size_t at_least) noexcept {
    least_refused.store(at_least);
    refused_thread.store(thread);
    still_granted.store(skipped);
    was_refused.store(false);
    refusing.store(true);
}

bool refuse_none() noexcept {
    refusing.store(false);
    return was_refused.load();
}

static bool refuses(std::size_t size) noexcept {
    if (!refusing.load() || size < least_refused.load() ||
        ::pthread_self() != refused_thread.load())
        return false;
    if (still_granted.fetch_sub(1) != 0) return false;
    refusing.store(false);
    was_refused.store(true);
    return true;
}

// False where the caller is to be refused.
[[maybe_unused]] static bool grants(const void* caller, std::size_t size) noexcept {
    (apart.holds(caller) ? theirs : ours).fetch_add(1, std::memory_order_relaxed);
    return !refuses(size);
}

}  // namespace weir::heap

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WEIR_HEAP_IS_A_SANITIZERS 1
#endif
#endif
#else
#define WEIR_HEAP_IS_A_SANITIZERS 1
#endif

#if !defined(WEIR_HEAP_IS_A_SANITIZERS)
// free() stays the C library's: the blocks are its own.
extern "C" {
void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t count, std::size_t size) noexcept;
void* __libc_realloc(void* block, std::size_t size) noexcept;
void* __libc_memalign(std::size_t alignment, std::size_t size) noexcept;

void* malloc(std::size_t size) noexcept {
    return weir::heap::grants(__builtin_return_address(0), size) ? __libc_malloc(size) : nullptr;
}
void* calloc(std::size_t count, std::size_t size) noexcept {
    return weir::heap::grants(__builtin_return_address(0), count * size)
               ? __libc_calloc(count, size)
               : nullptr;
}
void* realloc(void* block, std::size_t size) noexcept {
    return weir::heap::grants(__builtin_return_address(0), size) ? __libc_realloc(block, size)
                                                                 : nullptr;
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    return weir::heap::grants(__builtin_return_address(0), size) ? __libc_memalign(alignment, size)
                                                                 : nullptr;
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    return weir::heap::grants(__builtin_return_address(0), size) ? __libc_memalign(alignment, size)
                                                                 : nullptr;
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
    const bool granted = weir::heap::grants(__builtin_return_address(0), size);
    *block = granted ? __libc_memalign(alignment, size) : nullptr;
    return *block == nullptr ? ENOMEM : 0;
}
}
#endif
