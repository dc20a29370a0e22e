#include "parker.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace weir::inline v0::io {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t),
              "the kernel looks at the word itself");

void parker::park() noexcept {
    // It answers at once where the word has changed, and now and then without a reason.
    while (called_.exchange(0, std::memory_order_acquire) == 0)
        (void)::syscall(SYS_futex, &called_, FUTEX_WAIT_PRIVATE, 0U, nullptr);
}

void parker::call() noexcept {
    called_.store(1, std::memory_order_release);
    (void)::syscall(SYS_futex, &called_, FUTEX_WAKE_PRIVATE, 1U);
}

}  // namespace weir::inline v0::io
