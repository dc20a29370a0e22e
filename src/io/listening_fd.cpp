#include "listening_fd.hpp"

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "posix.hpp"

namespace weir::inline v0::io {
namespace {

// With its end, and in memory that is there: where a listener goes, none may be left.
const char* path_of(posix::address& at) noexcept {
    return reinterpret_cast<sockaddr_un*>(at.get())->sun_path;
}

}  // namespace

listening_fd::listening_fd(unique_fd fd, endpoint local) noexcept
    : fd_{std::move(fd)}, local_{std::move(local)} {}

result<listening_fd> listening_fd::open(const endpoint& at, const listen_options& options) {
    auto fd = posix::listen(at, options);
    if (!fd) return std::unexpected{std::move(fd).error()};
    endpoint local = posix::local_of(fd->get(), at);
    listening_fd made{std::move(*fd), std::move(local)};
    made.take_charge();
    return made;
}

listening_fd listening_fd::inherit(listening_socket from, const listen_options& options) noexcept {
    listening_fd made{unique_fd{from.socket.release()}, std::move(from.local)};
    made.kept_ = made.shared_ = from.kept;
    if (made.local_.family() != endpoint::family::unix_path) {
        posix::set_tcp_options(made.get(), options.user_timeout);
    }
    return made;
}

listening_fd::~listening_fd() {
    if (!fd_ || !own_file_ || own_file_ != find_file()) return;
    posix::address at = posix::to_address(local_);
    ::unlink(path_of(at));
}

std::optional<listening_fd::file> listening_fd::find_file() const noexcept {
    if (local_.family() != endpoint::family::unix_path) return std::nullopt;
    posix::address at = posix::to_address(local_);
    struct stat found{};
    if (::lstat(path_of(at), &found) != 0) return std::nullopt;
    return file{found.st_dev, found.st_ino};
}

bool listening_fd::has_waiting() const noexcept { return posix::readable(get()); }

void listening_fd::refuse_new() noexcept {
    if (!shared_) posix::refuse_new(get());
}

result<listening_socket> listening_fd::share() const {
    const int copy = ::fcntl(get(), F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return fail(error::from_errno(errno, "share " + local_.text()));
    listening_socket shared;
    shared.socket = native_socket{copy, posix::system_sockets(), {}};
    shared.local = local_;
    shared.kept = kept_;
    return shared;
}

void listening_fd::hand_over() noexcept {
    own_file_.reset();
    shared_ = true;
}

void listening_fd::take_charge() noexcept {
    if (!kept_) own_file_ = find_file();
}

namespace {

bool is_listening_stream(int fd) noexcept {
    int type = 0, listens = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM &&
           ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0;
}

}  // namespace

result<listening_socket> take_listening_socket(int descriptor) {
    if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return fail(errc::closed);
    listening_socket taken;
    taken.socket = native_socket{descriptor, posix::system_sockets(), {}};
    posix::address at;
    const bool known = ::getsockname(descriptor, at.get(), &at.size) == 0;
    const int family = at.storage.ss_family;
    if (!known || !is_listening_stream(descriptor) ||
        (family != AF_INET && family != AF_INET6 && family != AF_UNIX)) {
        return fail(errc::invalid_argument,
                    "descriptor " + std::to_string(descriptor) + " is no listening stream socket");
    }
    const int flags = ::fcntl(descriptor, F_GETFL);
    (void)::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
    taken.local = posix::to_endpoint(at);
    return taken;
}

}  // namespace weir::inline v0::io
