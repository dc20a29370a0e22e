// What an engine says about a statement that it has not run.
#pragma once

#include <string>
#include <vector>

namespace weir::inline v0::db {

struct statement_info {
    statement_info() = default;

    std::vector<std::string> parameters;  // without colon, each once
    std::vector<std::string> columns;     // empty for a statement that returns no rows
    bool readonly = true;                 // may run on a reader
};

}  // namespace weir::inline v0::db
