#include "signals.hpp"

#include <utility>

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

namespace weir::inline v0 {
namespace {

constexpr int second_signal_exit = 3;

sigset_t watched_signals() noexcept {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGTERM);
    ::sigaddset(&set, SIGINT);
    ::sigaddset(&set, SIGUSR1);  // ends the watch itself
    return set;
}

void watch(const std::stop_token& over, const std::function<void()>& on_first) {
    const sigset_t set = watched_signals();
    for (int seen = 0;;) {
        int signal = 0;
        if (::sigwait(&set, &signal) != 0) continue;
        if (over.stop_requested()) return;
        if (signal == SIGUSR1) continue;
        if (++seen > 1) ::_exit(second_signal_exit);
        on_first();
    }
}

}  // namespace

signal_watch::signal_watch(std::function<void()> on_first) {
    const sigset_t set = watched_signals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    thread_ = std::jthread{
        [first = std::move(on_first)](const std::stop_token& over) { watch(over, first); }};
}

signal_watch::~signal_watch() {
    thread_.request_stop();
    ::pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
    const sigset_t set = watched_signals();
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

std::size_t raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

}  // namespace weir::inline v0
