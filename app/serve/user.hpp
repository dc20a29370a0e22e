// Who the program runs as: never root.
#pragma once

#include <string>
#include <string_view>

#include "weir/base/result.hpp"

namespace weir::app {

// Whether there is such a user, who is not root. Errors: not_found, permission_denied.
result<> check_user(const std::string& name);

// Where the process is root's, it becomes `wanted`'s, or, where that is empty, that of whoever
// called sudo; for good. Before there are threads, files or sockets.
// Errors: permission_denied where nobody is named, or root is; not_found where there is no such
// user; system.
result<> leave_root(std::string_view wanted);

}  // namespace weir::app
