#include "app/config/interrupt.hpp"

#include <ctime>

namespace weir::app {
namespace {

sigset_t watched() noexcept {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGINT);
    ::sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

interrupt::interrupt() noexcept {
    const sigset_t set = watched();
    ::pthread_sigmask(SIG_BLOCK, &set, &before_);
}

interrupt::~interrupt() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool interrupt::came() noexcept {
    const sigset_t set = watched();
    constexpr timespec at_once{};
    if (came_ || ::sigtimedwait(&set, nullptr, &at_once) < 0) return came_;
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    return came_ = true;
}

}  // namespace weir::app
