// Owners of SQLite's objects.
#pragma once

#include <memory>

#include <sqlite3.h>

namespace weir::inline v0::db {

struct sqlite_closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
};
using sqlite_handle = std::unique_ptr<sqlite3, sqlite_closer>;

struct sqlite_finalizer {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using sqlite_statement = std::unique_ptr<sqlite3_stmt, sqlite_finalizer>;

}  // namespace weir::inline v0::db
