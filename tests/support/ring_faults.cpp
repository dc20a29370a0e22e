#include "support/ring_faults.hpp"

#include <utility>

#include <liburing.h>

namespace weir::test {
namespace {

struct faults {
    int submit_error = 0;
    int cancel_error = 0;
    int cancels_to_fail = 0;
    int submits_failed = 0;
    int limited_waits_failed = 0;
    int cancels_failed = 0;
    bool overflowed = false;
};

faults now;

bool submit_fails() noexcept {
    if (now.submit_error == 0) return false;
    ++now.submits_failed;
    return true;
}

}  // namespace

ring_faults::~ring_faults() { now = {}; }
void ring_faults::fail_submits(int error) noexcept { now.submit_error = error; }
void ring_faults::fail_cancels(int count, int error) noexcept {
    now.cancels_to_fail = count;
    now.cancel_error = error;
}
int ring_faults::submits_failed() const noexcept { return now.submits_failed; }
int ring_faults::limited_waits_failed() const noexcept { return now.limited_waits_failed; }
int ring_faults::cancels_failed() const noexcept { return now.cancels_failed; }
bool ring_faults::overflowed() const noexcept { return now.overflowed; }

}  // namespace weir::test

// The linker's names.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

int __real_io_uring_submit(io_uring* ring);
int __real_io_uring_submit_and_wait(io_uring* ring, unsigned count);
int __real_io_uring_submit_and_wait_timeout(io_uring* ring, io_uring_cqe** first, unsigned count,
                                            __kernel_timespec* longest, sigset_t* signals);
int __real_io_uring_submit_and_get_events(io_uring* ring);
int __real_io_uring_register_sync_cancel(io_uring* ring, io_uring_sync_cancel_reg* which);

int __wrap_io_uring_submit(io_uring* ring) {
    using namespace weir::test;
    if (submit_fails()) return -now.submit_error;
    const int outcome = __real_io_uring_submit(ring);
    if (io_uring_cq_has_overflow(ring)) now.overflowed = true;
    return outcome;
}

int __wrap_io_uring_submit_and_wait(io_uring* ring, unsigned count) {
    using namespace weir::test;
    return submit_fails() ? -now.submit_error : __real_io_uring_submit_and_wait(ring, count);
}

int __wrap_io_uring_submit_and_wait_timeout(io_uring* ring, io_uring_cqe** first, unsigned count,
                                            __kernel_timespec* longest, sigset_t* signals) {
    using namespace weir::test;
    if (!submit_fails())
        return __real_io_uring_submit_and_wait_timeout(ring, first, count, longest, signals);
    ++now.limited_waits_failed;
    return -now.submit_error;
}

int __wrap_io_uring_submit_and_get_events(io_uring* ring) {
    using namespace weir::test;
    return submit_fails() ? -now.submit_error : __real_io_uring_submit_and_get_events(ring);
}

int __wrap_io_uring_register_sync_cancel(io_uring* ring, io_uring_sync_cancel_reg* which) {
    using namespace weir::test;
    if (now.cancels_to_fail == 0) return __real_io_uring_register_sync_cancel(ring, which);
    --now.cancels_to_fail;
    ++now.cancels_failed;
    return -now.cancel_error;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
