// The timer that ends a loop's wait in the kernel.
//
// It stays armed from one wait to the next, and is set again only for a time that is earlier: a
// request then costs no timer of its own in the kernel, which a timeout of the wait would be. So it
// may ring before anything is due, and the loop waits on. Each ring makes its descriptor readable
// anew; nobody reads it.
#pragma once

#include "weir/base/clock.hpp"
#include "weir/base/unique_fd.hpp"

namespace weir::inline v0::io {

class alarm {
public:
    // Throws std::system_error where the process has no descriptor left.
    alarm();

    int fd() const noexcept { return fd_.get(); }
    // It rings then, or before.
    void set(time_point when) noexcept {
        if (when < armed_for_) arm(when);
    }
    void rang() noexcept { armed_for_ = never; }

private:
    void arm(time_point when) noexcept;

    unique_fd fd_;
    time_point armed_for_ = never;
};

}  // namespace weir::inline v0::io
