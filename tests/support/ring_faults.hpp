// Makes calls of this program to liburing fail, before the kernel hears of them, for as long as it
// lives: the test binary is linked with --wrap for each of them.
#pragma once

namespace weir::test {

class ring_faults {
public:
    ring_faults() = default;
    ring_faults(const ring_faults&) = delete;
    ring_faults& operator=(const ring_faults&) = delete;
    ~ring_faults();

    // Whatever hands entries over fails with this errno until it is 0.
    void fail_submits(int error) noexcept;
    // The next synchronous cancellations.
    void fail_cancels(int count, int error) noexcept;
    int submits_failed() const noexcept;
    // Of them, the waits with a time limit of their own, which follow sends that nobody waits for.
    int limited_waits_failed() const noexcept;
    int cancels_failed() const noexcept;
    // Whether more had finished at the end of a hand-over than the ring has room for.
    bool overflowed() const noexcept;
};

}  // namespace weir::test
