// The successor's side of a take-over: asks for the listening sockets of the service that runs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "weir/io/listening_socket.hpp"
#include "weir/io/loop.hpp"
#include "weir/net/connection_options.hpp"
#include "weir/task/task.hpp"

#include "supervisor.hpp"

namespace weir::inline v0 {

class takeover {
public:
    // Asks at a unix socket, and waits on this thread for ten seconds at most. Errors: refused:
    // nobody is there; permission_denied: it is another user's; unavailable: it has a successor
    // already; malformed, timed_out, end_of_stream.
    static result<takeover> ask(const std::string& path);

    // What the predecessor has; to be taken once.
    std::vector<io::listening_socket> take_sockets() noexcept { return std::move(sockets_); }
    const supervisor& watched_by() const noexcept { return watched_by_; }

    // On the first loop, when everything is there that serving needs: the sockets at these places
    // are this process's from then on, and the predecessor accepts no more.
    // Errors: unavailable: it did not say so, and goes on. options outlives the task.
    task<result<>> confirm(io::loop& loop, std::vector<std::size_t> taken,
                           const net::connection_options* options);

private:
    takeover() = default;

    io::native_socket predecessor_;
    std::vector<io::listening_socket> sockets_;
    supervisor watched_by_;
};

}  // namespace weir::inline v0
