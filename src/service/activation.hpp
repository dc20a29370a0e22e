// Sockets that systemd has opened and passes to the program that it starts (sd_listen_fds(3)).
#pragma once

#include <vector>

#include "weir/base/result.hpp"
#include "weir/io/listening_socket.hpp"

namespace weir::inline v0 {

// None where the environment (LISTEN_PID, LISTEN_FDS) speaks of none, or to another process; it
// does not speak of them again. Before there are other threads. Errors: malformed; invalid_argument
// where one of them is no stream socket that listens.
result<std::vector<io::listening_socket>> take_activation_sockets();

}  // namespace weir::inline v0
