// SQLite's result codes as errors of the house. Source: sqlite.org/rescode.html.
#pragma once

#include <string>
#include <string_view>

#include <sqlite3.h>

#include "weir/base/error.hpp"

namespace weir::inline v0::db {

// What code stands for, with its SQLSTATE where there is one.
error sqlite_error(int code, std::string text);
// With the text of the connection's last call; where it points at a place in the SQL, with that.
error sqlite_error(sqlite3* handle, int code);

// After these nobody knows what state the connection is in.
bool breaks_connection(int code) noexcept;
// After these SQLite's own advice is to roll back.
bool spoils_transaction(int code) noexcept;

}  // namespace weir::inline v0::db
