#include "weir/io/local_message.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "weir/base/unique_fd.hpp"

#include "posix.hpp"

namespace weir::inline v0::io {
namespace {

constexpr std::string_view empty_line = "\n\n";

// Room for the descriptors beside one message.
struct ancillary {
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(most_sockets * sizeof(int))> bytes{};
};

void enclose(msghdr& message, ancillary& room, std::span<const listening_socket> sockets) {
    if (sockets.empty()) return;
    const std::size_t size = sockets.size() * sizeof(int);
    message.msg_control = room.bytes.data();
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    unsigned char* at = CMSG_DATA(header);
    for (const listening_socket& each : sockets) {
        const int number = each.socket.number();
        std::memcpy(at, &number, sizeof number);
        at += sizeof number;
    }
}

std::vector<unique_fd> enclosed(msghdr& message) {
    std::vector<unique_fd> found;
    for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
         each = CMSG_NXTHDR(&message, each)) {
        if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(each) + i * sizeof number, sizeof number);
            found.emplace_back(number);
        }
    }
    return found;
}

// What one receive brings is added to the message.
result<> receive_part(int fd, message_with_sockets& into) {
    std::array<char, longest_local_message> text{};
    ancillary room;
    iovec piece{text.data(), text.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = room.bytes.data();
    message.msg_controllen = room.bytes.size();
    const ssize_t got = ::recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0) {
        if (errno == EAGAIN || errno == EINTR) return {};
        return fail(error::from_errno(errno, "receive"));
    }
    std::vector<unique_fd> descriptors = enclosed(message);
    if (got == 0) return fail(errc::end_of_stream);
    into.text.append(text.data(), static_cast<std::size_t>(got));
    if ((message.msg_flags & MSG_CTRUNC) != 0 || into.text.size() > longest_local_message ||
        into.sockets.size() + descriptors.size() > most_sockets) {
        return fail(errc::too_large, "more than a message may have");
    }
    for (unique_fd& each : descriptors) {
        auto taken = take_listening_socket(each.release());
        if (!taken) return std::unexpected{std::move(taken).error()};
        into.sockets.push_back(std::move(*taken));
    }
    return {};
}

bool wait_readable(int fd, time_point until) noexcept {
    pollfd watched{fd, POLLIN, 0};
    for (;;) {
        const int wait_ms = posix::timeout_ms(posix::monotonic_now(), until);
        const int ready = ::poll(&watched, 1, wait_ms);
        if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
        if (ready == 0 && posix::monotonic_now() >= until) return false;
    }
}

}  // namespace

result<local_peer> peer_of(const native_socket& socket) {
    ucred found{};
    socklen_t size = sizeof found;
    if (::getsockopt(socket.number(), SOL_SOCKET, SO_PEERCRED, &found, &size) != 0) {
        return fail(error::from_errno(errno, "who is there"));
    }
    local_peer peer;
    peer.process = found.pid;
    peer.user = found.uid;
    return peer;
}

std::uint32_t own_user() noexcept { return ::geteuid(); }

result<native_socket> connect_local(const endpoint& to) {
    unique_fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) return fail(error::from_errno(errno, "socket for " + to.text()));
    posix::address at = posix::to_address(to);
    if (::connect(fd.get(), at.get(), at.size) == 0) {
        return native_socket{fd.release(), posix::system_sockets(), to};
    }
    if (errno == ENOENT) return fail(errc::refused);
    if (errno == EAGAIN) return fail(errc::overloaded);
    return fail(error::from_errno(errno, "connect " + to.text()));
}

result<> send_sockets(const native_socket& through, std::string_view text,
                      std::span<const listening_socket> sockets) {
    if (text.size() > longest_local_message || sockets.size() > most_sockets) {
        return fail(errc::too_large, "more than a message may have");
    }
    ancillary room;
    iovec piece{const_cast<char*>(text.data()), text.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    enclose(message, room, sockets);
    const ssize_t sent = ::sendmsg(through.number(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return fail(error::from_errno(errno, "send"));
    if (static_cast<std::size_t>(sent) < text.size()) return fail(errc::overloaded);
    return {};
}

result<message_with_sockets> receive_sockets(const native_socket& from, duration patience) {
    const time_point until = posix::monotonic_now() + patience;
    message_with_sockets message;
    while (!message.text.ends_with(empty_line)) {
        if (!wait_readable(from.number(), until)) return fail(errc::timed_out);
        auto received = receive_part(from.number(), message);
        if (!received) return std::unexpected{std::move(received).error()};
    }
    return message;
}

result<> send_datagram(std::string_view to, std::string_view text) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    if (to.empty() || to.size() >= sizeof at.sun_path) {
        return fail(errc::invalid_argument, "no datagram socket: " + std::string{to});
    }
    std::copy(to.begin(), to.end(), at.sun_path);
    if (to.front() == '@') at.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + to.size());
    const unique_fd fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!fd || ::sendto(fd.get(), text.data(), text.size(), MSG_NOSIGNAL,
                        reinterpret_cast<const sockaddr*>(&at), size) < 0) {
        if (errno == EAGAIN) return fail(errc::unavailable);
        return fail(error::from_errno(errno, "datagram to " + std::string{to}));
    }
    return {};
}

}  // namespace weir::inline v0::io
