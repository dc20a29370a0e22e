// `weir call`: what its command line says.
#pragma once

#include <string>
#include <vector>

#include "weir/base/clock.hpp"

#include "app/call/caller.hpp"

namespace weir::app {

struct call_command {
    call_command() = default;
    caller_options caller;
    std::string name;
    std::vector<std::string> params;
    duration timeout = std::chrono::seconds{30};
};

struct ingest_command {
    ingest_command() = default;
    caller_options caller;
    std::string call = "sighting_add";
    // The same for every row.
    std::vector<std::string> params;
    // column=param, or column:=param where what the column holds is JSON; empty: every column by
    // its own name.
    std::vector<std::string> map;
    // "auto", "json", "csv" or "neigh".
    std::string format = "auto";
    // The parameter that tells a row from every other; empty: none, and nothing is sent twice.
    std::string key = "key";
    // What a row's key begins with, so that the same rows can be sent again; empty: one of chance.
    std::string run;
    // How long one row is tried, servers that restart included.
    duration patience = std::chrono::seconds{60};
};

// The process's exit code: 0 answered, 1 refused or not reached, 2 nothing that could be called.
int call(const call_command& command);
// 0 every row is acknowledged, 1 some are not, 2 nothing that could be called.
int ingest(const ingest_command& command);

}  // namespace weir::app
