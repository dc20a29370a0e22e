// The table of applied migrations in a SQLite database, and how one is applied.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <sqlite3.h>

#include "weir/db/migration.hpp"

#include "sqlite_open.hpp"

namespace weir::inline v0::db {

// How many of `wanted` the database has, from the first on. Errors: conflict where it has others
// than these, or one is not as it was.
migration_result<std::size_t> count_applied(sqlite3* handle, std::span<const migration> wanted);

// Inside an open transaction: the script, the check of its foreign keys, the record.
migration_result<void> apply_migration(sqlite3* handle, const migration& wanted);

// `why` without a migration that is to blame.
migration_failure at_large(error why);

// Runs SQL of the house's own. Errors: what SQLite says.
result<> execute(sqlite3* handle, const char* sql);

}  // namespace weir::inline v0::db
