#include "uring_ring.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/mman.h>

namespace weir::inline v0::io {
namespace {

// One thread submits, and completions are worked on when it asks for them; the ring is switched on
// by the thread that first turns the loop.
constexpr unsigned ring_flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                                IORING_SETUP_R_DISABLED | IORING_SETUP_CQSIZE |
                                IORING_SETUP_SUBMIT_ALL;

// What a NOP may take, which ends while it is handed over.
constexpr __kernel_timespec nop_patience{1, 0};

void must(int outcome, const char* call) {
    if (outcome < 0) throw std::system_error{-outcome, std::generic_category(), call};
}

}  // namespace

uring_ring::mapping::mapping(unsigned count) : bytes{count * sizeof(io_uring_buf)} {
    void* const mapped =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) must(-errno, "memory of the io_uring buffer ring");
    memory = static_cast<io_uring_buf_ring*>(mapped);
}

uring_ring::mapping::~mapping() { ::munmap(memory, bytes); }

uring_ring::opened::opened(unsigned entries) {
    io_uring_params params{};
    params.flags = ring_flags;
    params.cq_entries = entries * 4;
    must(io_uring_queue_init_params(entries, &ring, &params), "io_uring_setup");
}

uring_ring::uring_ring(unsigned entries, unsigned buffers) : buffers_{buffers}, ring_{entries} {
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uintptr_t>(buffers_.memory);
    registration.ring_entries = buffers;
    registration.bgid = buffer_group;
    must(io_uring_register_buf_ring(get(), &registration, 0), "io_uring_register (buffer ring)");
    io_uring_buf_ring_init(buffers_.memory);
}

void uring_ring::try_all() {
    uring_ring tried{8, 8};
    io_uring* const ring = tried.get();
    must(io_uring_enable_rings(ring), "io_uring_register (enabling)");
    io_uring_prep_nop(io_uring_get_sqe(ring));
    io_uring_cqe* ended = nullptr;
    __kernel_timespec longest = nop_patience;
    must(io_uring_submit_and_wait_timeout(ring, &ended, 1, &longest, nullptr), "io_uring_enter");
    if (ended == nullptr) must(-ETIME, "io_uring_enter");
    io_uring_sync_cancel_reg nothing{};
    nothing.addr = reinterpret_cast<std::uintptr_t>(&tried);
    nothing.fd = -1;
    nothing.timeout.tv_sec = -1;
    nothing.timeout.tv_nsec = -1;
    const int canceled = io_uring_register_sync_cancel(ring, &nothing);
    if (canceled != -ENOENT) must(canceled, "io_uring_register (cancellation)");
}

}  // namespace weir::inline v0::io
