#include "posix.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <new>

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

namespace weir::inline v0::io::posix {
namespace {

static_assert(sizeof(piece) == sizeof(iovec) &&
              offsetof(piece, data) == offsetof(iovec, iov_base) &&
              offsetof(piece, size) == offsetof(iovec, iov_len));

class system_socket_owner final : public native_socket::owner {
public:
    void close(int number) noexcept override { ::close(number); }
    int processor(int number) const noexcept override {
        int found = -1;
        socklen_t size = sizeof found;
        (void)::getsockopt(number, SOL_SOCKET, SO_INCOMING_CPU, &found, &size);
        return found;
    }
};

int family_of(const endpoint& at) noexcept {
    switch (at.family()) {
        case endpoint::family::ipv4:
            return AF_INET;
        case endpoint::family::ipv6:
            return AF_INET6;
        case endpoint::family::unix_path:
            return AF_UNIX;
    }
    return AF_UNSPEC;
}

// A file left by a process that is gone; nobody answers there.
void remove_stale(const endpoint& at) {
    const unique_fd probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!probe) return;
    address to = to_address(at);
    if (::connect(probe.get(), to.get(), to.size) != 0 && errno == ECONNREFUSED) {
        ::unlink(std::string{at.path()}.c_str());
    }
}

// Past the C library's own calls, at which a thread could be canceled: in a program of several
// threads they change the thread's state before and behind each. None of ours is ever canceled.
template <class... Arguments>
ssize_t call(long number, Arguments... arguments) noexcept {
    return ::syscall(number, arguments...);
}

// What the kernel maps into each process to read clocks, without the C library's way there: each
// turn of a loop begins with it, when what is seldom used has just left the caches.
using clock_reader = int (*)(clockid_t, timespec*);

clock_reader find_clock() noexcept {
    void* const mapped = ::dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
    void* const found = mapped == nullptr ? nullptr : ::dlsym(mapped, "__vdso_clock_gettime");
    return found == nullptr ? &::clock_gettime : reinterpret_cast<clock_reader>(found);
}

// Where there is no memory for its path, one that has none.
endpoint peer_of(const address& from) noexcept {
    try {
        return to_endpoint(from);
    } catch (const std::bad_alloc&) {
        return endpoint::unix_path({});
    }
}

// Of accept(), an error of the connection which was in the queue, most likely, and not of the
// listener: accept(2). A filter of system calls may refuse each with one of them.
bool is_of_connection(int number) noexcept {
    constexpr std::array all{ECONNABORTED, ENETDOWN,     EPROTO,      ENOPROTOOPT, EHOSTDOWN,
                             ENONET,       EHOSTUNREACH, ENETUNREACH, EOPNOTSUPP,  EPERM};
    return std::ranges::find(all, number) != all.end();
}

void set_option(int fd, int level, int name, int value) noexcept {
    (void)::setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace

address to_address(const endpoint& from) noexcept {
    address made;
    switch (from.family()) {
        case endpoint::family::ipv4: {
            auto* in = reinterpret_cast<sockaddr_in*>(&made.storage);
            in->sin_family = AF_INET;
            in->sin_port = htons(from.port());
            std::memcpy(&in->sin_addr, from.address().data(), 4);
            made.size = sizeof(sockaddr_in);
            break;
        }
        case endpoint::family::ipv6: {
            auto* in = reinterpret_cast<sockaddr_in6*>(&made.storage);
            in->sin6_family = AF_INET6;
            in->sin6_port = htons(from.port());
            std::memcpy(&in->sin6_addr, from.address().data(), 16);
            made.size = sizeof(sockaddr_in6);
            break;
        }
        case endpoint::family::unix_path: {
            auto* un = reinterpret_cast<sockaddr_un*>(&made.storage);
            un->sun_family = AF_UNIX;
            const auto size = std::min(from.path().size(), sizeof un->sun_path - 1);
            std::memcpy(un->sun_path, from.path().data(), size);
            made.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size + 1);
            break;
        }
    }
    return made;
}

endpoint to_endpoint(const address& from) {
    if (from.storage.ss_family == AF_INET) {
        const auto* in = reinterpret_cast<const sockaddr_in*>(&from.storage);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &in->sin_addr, 4);
        return endpoint::ipv4(bytes, ntohs(in->sin_port));
    }
    if (from.storage.ss_family == AF_INET6) {
        const auto* in = reinterpret_cast<const sockaddr_in6*>(&from.storage);
        std::array<std::uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), &in->sin6_addr, 16);
        return endpoint::ipv6(bytes, ntohs(in->sin6_port));
    }
    const auto* un = reinterpret_cast<const sockaddr_un*>(&from.storage);
    const std::size_t most = from.size - offsetof(sockaddr_un, sun_path);
    return endpoint::unix_path(
        {un->sun_path, ::strnlen(un->sun_path, std::min(most, sizeof un->sun_path))});
}

errc code_of(int number) noexcept {
    switch (number) {
        case EAGAIN:
            return errc::unavailable;
        case ECANCELED:
            return errc::canceled;
        case ETIMEDOUT:
            return errc::timed_out;
        case ECONNRESET:
        case EPIPE:
        case ECONNABORTED:
            return errc::reset;
        case ECONNREFUSED:
        case ENOENT:
            return errc::refused;
        case EHOSTUNREACH:
        case ENETUNREACH:
        case EADDRNOTAVAIL:
            return errc::unreachable;
        case EMFILE:
        case ENFILE:
            return errc::overloaded;
        case ENOBUFS:
        case ENOMEM:
            return errc::out_of_memory;
        case EBADF:
        case ENOTCONN:
            return errc::closed;
        default:
            return errc::system;
    }
}

errc stream_error(int number) noexcept {
    const errc code = code_of(number);
    return code == errc::timed_out || code == errc::unreachable ? errc::reset : code;
}

void set_tcp_options(int fd, duration user_timeout) noexcept {
    constexpr int probes = 3;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(user_timeout).count();
    const int whole = static_cast<int>(std::clamp<std::int64_t>(seconds, 2, 12 * 3600));
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, whole / 2);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, std::max(whole / 2 / probes, 1));
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, probes);
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, whole * 1000);
}

result<unique_fd> listen(const endpoint& at, const listen_options& options) {
    unique_fd fd{::socket(family_of(at), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) return fail(error::from_errno(errno, "socket for " + at.text()));
    if (at.family() == endpoint::family::unix_path) {
        remove_stale(at);
        // bind() gives the file the socket's mode.
        if (options.owner_only) (void)::fchmod(fd.get(), S_IRUSR | S_IWUSR);
    } else {
        // Connections of a predecessor that linger do not count as "in use"; a listener does.
        set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
        set_tcp_options(fd.get(), options.user_timeout);
    }
    if (at.family() == endpoint::family::ipv6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
    address to = to_address(at);
    if (::bind(fd.get(), to.get(), to.size) != 0) {
        return fail(error::from_errno(errno, "bind " + at.text()));
    }
    if (::listen(fd.get(), options.backlog) != 0) {
        return fail(error::from_errno(errno, "listen on " + at.text()));
    }
    return fd;
}

result<unique_fd> open(const connect_op& connect) {
    const endpoint& to = connect.to();
    unique_fd fd{::socket(family_of(to), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) return fail(code_of(errno));
    if (to.family() != endpoint::family::unix_path) {
        set_tcp_options(fd.get(), connect.user_timeout());
    }
    return fd;
}

endpoint local_of(int fd, const endpoint& otherwise) {
    if (otherwise.family() == endpoint::family::unix_path) return otherwise;
    address at;
    return ::getsockname(fd, at.get(), &at.size) == 0 ? to_endpoint(at) : otherwise;
}

errc accept(int fd, native_socket& accepted) noexcept {
    for (;;) {
        address from;
        const int made = ::accept4(fd, from.get(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (made >= 0) {
            accepted = native_socket{made, system_sockets(), peer_of(from)};
            return errc{};
        }
        if (errno != EINTR) return is_of_connection(errno) ? errc::reset : code_of(errno);
    }
}

bool readable(int fd) noexcept {
    pollfd watched{fd, POLLIN, 0};
    return ::poll(&watched, 1, 0) > 0;
}

void refuse_new(int fd) noexcept {
    // A socket filter sees the segment from its TCP header on; byte 13 holds the flags.
    constexpr unsigned flags_offset = 13, syn = 0x02;
    std::array<sock_filter, 4> code{{
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_offset),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, syn, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffffU),
    }};
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    (void)::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

void set_abort(int fd) noexcept {
    const linger at_once{1, 0};
    (void)::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

errc receive(int fd, bytes_span into, std::size_t& size) noexcept {
    for (;;) {
        const ssize_t got =
            call(SYS_recvfrom, fd, into.data(), into.size(), MSG_DONTWAIT, nullptr, nullptr);
        if (got > 0) {
            size = static_cast<std::size_t>(got);
            return errc{};
        }
        if (got == 0) return errc::end_of_stream;
        if (errno != EINTR) return stream_error(errno);
    }
}

std::optional<std::size_t> left_before_end(int fd) noexcept {
    pollfd events{fd, POLLRDHUP, 0};
    if (::poll(&events, 1, 0) != 1 || events.revents != POLLRDHUP) return std::nullopt;
    int left = 0;
    if (::ioctl(fd, FIONREAD, &left) != 0) return std::nullopt;
    return static_cast<std::size_t>(left);
}

std::size_t peek(int fd, bytes_span into) noexcept {
    for (;;) {
        const ssize_t got = call(SYS_recvfrom, fd, into.data(), into.size(),
                                 MSG_DONTWAIT | MSG_PEEK, nullptr, nullptr);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return 0;
    }
}

errc send(int fd, send_op& op) noexcept {
    for (;;) {
        const auto pieces = op.pieces();
        if (pieces.empty()) return errc{};
        ssize_t sent = 0;
        if (pieces.size() == 1) {
            sent = call(SYS_sendto, fd, pieces[0].data, pieces[0].size, MSG_DONTWAIT | MSG_NOSIGNAL,
                        nullptr, 0);
        } else {
            msghdr message{};
            message.msg_iov = reinterpret_cast<iovec*>(pieces.data());
            message.msg_iovlen = std::min<std::size_t>(pieces.size(), IOV_MAX);
            sent = ::sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
        if (sent >= 0) {
            if (op.sent(static_cast<std::size_t>(sent))) return errc{};
        } else if (errno != EINTR) {
            return stream_error(errno);
        }
    }
}

int wait(int epoll, std::span<epoll_event> events, int timeout_ms) noexcept {
    return static_cast<int>(call(SYS_epoll_pwait, epoll, events.data(),
                                 static_cast<int>(events.size()), timeout_ms, nullptr, 0));
}

int timeout_ms(time_point now, time_point until) noexcept {
    if (until == never) return -1;
    if (until <= now) return 0;
    const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    return static_cast<int>(std::min<std::int64_t>(rounded_up, INT_MAX));
}

std::uint64_t random() noexcept {
    std::uint64_t number = 0;
    // Up to 256 bytes come whole; only before the system's source is seeded can a signal interrupt.
    while (::getrandom(&number, sizeof number, 0) != sizeof number) {
    }
    return number;
}

time_point monotonic_now() noexcept {
    static const clock_reader read = find_clock();
    timespec now{};
    read(CLOCK_MONOTONIC, &now);
    return time_point{std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec}};
}

native_socket::owner& system_sockets() noexcept {
    static constinit system_socket_owner owner;  // has no state: the kernel owns the sockets
    return owner;
}

signals_blocked::signals_blocked() noexcept {
    sigset_t most;
    ::sigfillset(&most);
    // What a thread does wrong itself ends the process unheard where it is blocked.
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS})
        ::sigdelset(&most, fault);
    ::pthread_sigmask(SIG_SETMASK, &most, &before_);
}

signals_blocked::~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace weir::inline v0::io::posix
