// What both engines for a real kernel share: sockets, addresses, and the calls on them that never
// block. Errors come back as errc, without details, since these are hot paths.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "weir/base/result.hpp"
#include "weir/base/unique_fd.hpp"
#include "weir/io/endpoint.hpp"
#include "weir/io/engine.hpp"
#include "weir/io/native_socket.hpp"
#include "weir/io/operation.hpp"

namespace weir::inline v0::io::posix {

struct address {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);

    sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
};

address to_address(const endpoint& from) noexcept;
endpoint to_endpoint(const address& from);

errc code_of(int number) noexcept;
// The same for a stream that was open, where every way in which the network loses it is a reset.
errc stream_error(int number) noexcept;

// A non-blocking listening socket. Also replaces a unix socket's file that nobody listens on.
result<unique_fd> listen(const endpoint& at, const listen_options& options);
result<unique_fd> open(const connect_op& connect);
// What the sockets that a listener accepts inherit.
void set_tcp_options(int fd, duration user_timeout) noexcept;
endpoint local_of(int fd, const endpoint& otherwise);

// Answers with errc{} and a socket; errc::unavailable where none waits; errc::reset where the one
// that waited is lost.
errc accept(int fd, native_socket& accepted) noexcept;
bool readable(int fd) noexcept;
// Drops the packets that would open new connections, silently.
void refuse_new(int fd) noexcept;

// The next close() sends a reset.
void set_abort(int fd) noexcept;

// One call each; errc::unavailable where it would block.
errc receive(int fd, bytes_span into, std::size_t& size) noexcept;
errc send(int fd, send_op& op) noexcept;

// What is to be received before the end of a stream whose peer has finished; nothing where it has
// not, or where the stream is broken.
std::optional<std::size_t> left_before_end(int fd) noexcept;
// Copies what is to be received next, and leaves it there. How many bytes.
std::size_t peek(int fd, bytes_span into) noexcept;

// How many events an epoll set has, at most as many as there is room for; -1 where a signal came.
int wait(int epoll, std::span<epoll_event> events, int timeout_ms) noexcept;

int timeout_ms(time_point now, time_point until) noexcept;
time_point monotonic_now() noexcept;
std::uint64_t random() noexcept;

native_socket::owner& system_sockets() noexcept;

// Threads started while it lives take no signals: those belong to whoever runs the program.
class signals_blocked {
public:
    signals_blocked() noexcept;
    signals_blocked(const signals_blocked&) = delete;
    signals_blocked& operator=(const signals_blocked&) = delete;
    ~signals_blocked();

private:
    sigset_t before_;
};

}  // namespace weir::inline v0::io::posix
