#include "alarm.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <sys/timerfd.h>

namespace weir::inline v0::io {

alarm::alarm() : fd_{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)} {
    if (!fd_) throw std::system_error{errno, std::generic_category(), "timerfd"};
}

void alarm::arm(time_point when) noexcept {
    armed_for_ = when;
    // All zeros would disarm it.
    const duration since = std::max(when.time_since_epoch(), duration{1});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
    itimerspec at{};
    at.it_value.tv_sec = seconds.count();
    at.it_value.tv_nsec = (since - seconds).count();
    ::timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &at, nullptr);
}

}  // namespace weir::inline v0::io
