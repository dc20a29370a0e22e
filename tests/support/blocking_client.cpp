#include "support/blocking_client.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace weir::test {
namespace {

// A connect that was interrupted goes on without its caller, who has to wait for it.
bool becomes_connected(int fd) {
    constexpr int patience_ms = 10'000;
    pollfd watched{fd, POLLOUT, 0};
    int ready = 0;
    do {
        ready = ::poll(&watched, 1, patience_ms);
    } while (ready < 0 && errno == EINTR);
    int problem = 0;
    socklen_t size = sizeof problem;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size);
    return ready > 0 && problem == 0;
}

// A ring that is being torn down interrupts the threads that used it.
bool connect(int fd, const sockaddr_in& to) {
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return true;
    return errno == EINTR && becomes_connected(fd);
}

}  // namespace

blocking_client::blocking_client(const io::endpoint& to)
    : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    const timeval limit{10, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to.port());
    std::memcpy(&address.sin_addr, to.address().data(), 4);
    if (!connect(fd_.get(), address)) fd_.reset();
}

bool blocking_client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string blocking_client::receive(std::size_t most) {
    std::string got(most, '\0');
    ssize_t size = 0;
    do {
        size = ::recv(fd_.get(), got.data(), most, 0);
    } while (size < 0 && errno == EINTR);
    got.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return got;
}

std::string blocking_client::receive_exactly(std::size_t size) {
    std::string all;
    while (all.size() < size) {
        const std::string more = receive(std::min(size - all.size(), at_once));
        if (more.empty()) break;
        all += more;
    }
    return all;
}

std::string blocking_client::receive_all() {
    std::string all;
    for (std::string more = receive(); !more.empty(); more = receive()) all += more;
    return all;
}

void blocking_client::reset() {
    const linger abortive{1, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &abortive, sizeof abortive);
    close();
}

void blocking_client::shutdown() { ::shutdown(fd_.get(), SHUT_WR); }

}  // namespace weir::test
