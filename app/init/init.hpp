// `weir init`: what its command line says.
#pragma once

#include <string>

namespace weir::app {

struct init_command {
    init_command() = default;
    // As it was started, for what it prints to run next.
    std::string program = "weir";
    std::string url;
    // "-" is standard output.
    std::string output = "weir.toml";
};

// Writes a configuration that serves a database for reading; the database is only read, and a file
// that is there already is left as it is. The process's exit code: 0 written, 1 not, and why is on
// standard error.
int init(const init_command& command);

}  // namespace weir::app
