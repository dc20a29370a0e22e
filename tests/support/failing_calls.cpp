#include "support/failing_calls.hpp"

#include <atomic>
#include <cerrno>

#include <dlfcn.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace weir::test {
namespace {

// 0 where the kernel is to answer.
constinit std::atomic<int> accept_errno = 0;
constinit std::atomic<int> accepts_to_fail = 0;
constinit std::atomic<int> watch_errno = 0;

bool is_connection(int fd) noexcept {
    int listens = 0;
    socklen_t size = sizeof listens;
    return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens == 0;
}

// Whoever would have been called: ThreadSanitizer sees there which threads have met at a socket.
template <class Function>
Function* next_of(const char* name) noexcept {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

// Errno says how.
bool accept_fails() noexcept {
    const int number = accept_errno.load();
    if (number == 0 || accepts_to_fail.fetch_sub(1) <= 0) return false;
    errno = number;
    return true;
}

}  // namespace

failing_accepts::failing_accepts(int number, int count) noexcept {
    accepts_to_fail.store(count);
    accept_errno.store(number);
}
failing_accepts::~failing_accepts() { accept_errno.store(0); }
failing_watches::failing_watches(int number) noexcept { watch_errno.store(number); }
failing_watches::~failing_watches() { watch_errno.store(0); }

}  // namespace weir::test

extern "C" {
int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
    if (weir::test::accept_fails()) return -1;
    static const auto next = weir::test::next_of<decltype(::accept4)>("accept4");
    return next(fd, address, size, flags);
}

int epoll_ctl(int epoll, int how, int fd, epoll_event* event) noexcept {
    const int number = weir::test::watch_errno.load();
    if (number != 0 && how == EPOLL_CTL_ADD && weir::test::is_connection(fd)) {
        errno = number;
        return -1;
    }
    static const auto next = weir::test::next_of<decltype(::epoll_ctl)>("epoll_ctl");
    return next(epoll, how, fd, event);
}
}
