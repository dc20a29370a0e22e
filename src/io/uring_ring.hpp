// A ring as the engine uses it, with the buffers that the kernel chooses from.
//
// It is made disabled, and belongs to the thread that switches it on (io_uring_enable_rings).
#pragma once

#include <cstddef>

#include <liburing.h>

#include "weir/base/api.hpp"

namespace weir::inline v0::io {

class uring_ring {
public:
    static constexpr unsigned buffer_group = 0;

    // Throws std::system_error where the kernel refuses.
    uring_ring(unsigned entries, unsigned buffers);
    uring_ring(const uring_ring&) = delete;
    uring_ring& operator=(const uring_ring&) = delete;
    ~uring_ring() = default;

    io_uring* get() noexcept { return &ring_.ring; }
    io_uring_buf_ring* buffers() const noexcept { return buffers_.memory; }

    // Asks the kernel once for all that the engine needs: a filter of system calls may let a ring
    // be made and refuse its use. Throws std::system_error, which names the call, where it refuses.
    static void try_all();

private:
    struct mapping {
        explicit mapping(unsigned count);
        mapping(const mapping&) = delete;
        mapping& operator=(const mapping&) = delete;
        ~mapping();

        std::size_t bytes;
        io_uring_buf_ring* memory;
    };
    struct opened {
        explicit opened(unsigned entries);
        opened(const opened&) = delete;
        opened& operator=(const opened&) = delete;
        ~opened() { io_uring_queue_exit(&ring); }

        io_uring ring{};
    };

    mapping buffers_;  // the ring's, so it goes after it
    opened ring_;
};

}  // namespace weir::inline v0::io
