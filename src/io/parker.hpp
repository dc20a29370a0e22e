// Where one thread sleeps until it is called, and how others call it: a futex, with nothing around
// it. The library's waits spin through system calls before they sleep, or meet a lock on waking.
#pragma once

#include <atomic>
#include <cstdint>

namespace weir::inline v0::io {

class parker {
public:
    // Once it returns, call() may be called once more.
    void park() noexcept;
    // From any thread: ends a park(), this one or the next.
    void call() noexcept;

private:
    std::atomic<std::uint32_t> called_ = 0;
};

}  // namespace weir::inline v0::io
