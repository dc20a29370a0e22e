// The floor: what a server costs that does nothing but receive and send.
//
// One thread, level-triggered epoll, no parsing beyond finding where a request ends. What a real
// server costs above it is the price of being one.
//
//     floor PORT http FILE    answers each blank line with the bytes in FILE
//     floor PORT echo         sends back what it received, without looking for frames in it
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): there is one thread
}

std::size_t count_blank_lines(std::string_view bytes) {
    std::size_t count = 0;
    for (auto at = bytes.find("\r\n\r\n"); at != std::string_view::npos;
         at = bytes.find("\r\n\r\n", at + 4)) {
        ++count;
    }
    return count;
}

int listen_on(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0) die("socket");
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) die("bind");
    if (::listen(fd, 1024) != 0) die("listen");
    return fd;
}

void watch(int epoll, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

void accept_all(int epoll, int listener) {
    for (;;) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (fd < 0) return;
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, fd);
    }
}

// False where the connection has ended.
bool serve(int fd, bool echo, const std::string& response) {
    static std::array<char, 16384> buffer;
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    const std::string_view bytes{buffer.data(), static_cast<std::size_t>(got)};
    if (echo) return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
    const std::size_t requests = count_blank_lines(bytes);
    if (requests == 1) return ::send(fd, response.data(), response.size(), MSG_NOSIGNAL) > 0;
    std::string batch;
    for (std::size_t i = 0; i < requests; ++i) batch += response;
    return batch.empty() || ::send(fd, batch.data(), batch.size(), MSG_NOSIGNAL) > 0;
}

}  // namespace

int main(int argc, char** argv) {
    const bool echo = argc == 3 && std::string_view{argv[2]} == "echo";
    if (!echo && argc != 4) {
        std::fprintf(stderr, "usage: floor PORT http FILE | floor PORT echo\n");
        return 2;
    }
    std::string response;
    if (!echo) {
        std::ifstream file{argv[3], std::ios::binary};
        response.assign(std::istreambuf_iterator<char>{file}, {});
    }
    const int listener = listen_on(static_cast<std::uint16_t>(std::atoi(argv[1])));
    const int epoll = ::epoll_create1(0);
    watch(epoll, listener);
    std::array<epoll_event, 256> events{};
    for (;;) {
        const int ready = ::epoll_wait(epoll, events.data(), events.size(), -1);
        for (int i = 0; i < ready; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == listener) {
                accept_all(epoll, listener);
            } else if (!serve(fd, echo, response)) {
                ::close(fd);
            }
        }
    }
}
