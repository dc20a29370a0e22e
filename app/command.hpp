// What `weir` does when it is told to: each command answers with the process's exit code.
#pragma once

#include <filesystem>

namespace weir::app {

inline constexpr int exit_fine = 0;
// What was asked for was refused, or could not be reached.
inline constexpr int exit_failed = 1;
// A configuration, or a command line, that nothing can be done with.
inline constexpr int exit_configuration = 2;

struct serve_command {
    std::filesystem::path file = "weir.toml";
    bool takeover = false;  // from the one that serves now, if there is one
};

// Serves until it is told to end, or has been taken over: 0 drained, 1 the drain deadline cut work
// off, 2 nothing was started, 3 a second signal.
int serve(const serve_command& command);

// Tells every problem of a configuration, its database included, but whether its addresses are
// free: whoever serves by it now has them. Changes nothing.
int check(const std::filesystem::path& file);

}  // namespace weir::app
