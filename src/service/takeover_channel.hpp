// What both sides of a take-over do with the socket between them.
#pragma once

#include <string>

#include "weir/io/local_message.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0 {

// Who is on the other side. Errors: permission_denied where it is neither this process's user nor
// root.
result<io::local_peer> permitted_peer(const io::native_socket& socket);

// A line, without its end. Errors: malformed where it is longer than any that means something;
// those of fill().
task<result<std::string>> read_takeover_line(net::connection& from);

}  // namespace weir::inline v0
