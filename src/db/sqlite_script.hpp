// Runs scripts of several statements on a SQLite connection: for migrations.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include <sqlite3.h>

#include "weir/base/error.hpp"

namespace weir::inline v0::db {

struct script_failure {
    std::size_t offset = 0;  // of the statement, or of the place in it that is wrong
    error why;
};

// Inside the transaction that is open, which the script cannot end. Blocks.
std::expected<void, script_failure> run_script(sqlite3* handle, std::string_view script);

}  // namespace weir::inline v0::db
