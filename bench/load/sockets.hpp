// What the load generators share: sockets to a server on loopback.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace weir::inline v0::bench {

[[noreturn]] inline void die(const char* what) {
    std::perror(what);
    std::exit(1);
}

// Connected, without delay, not blocking, and watched by epoll for what comes, with peer as data.
inline int connect_to(std::uint16_t port, int epoll, void* peer) {
    const int made = ::socket(AF_INET, SOCK_STREAM, 0);
    if (made < 0) die("socket");
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(made, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) die("connect");
    const int on = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(made, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = peer;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, made, &event);
    return made;
}

}  // namespace weir::inline v0::bench
