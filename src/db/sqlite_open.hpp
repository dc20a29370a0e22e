// Opens one SQLite connection, as a reader, as the writer, or to check statements.
#pragma once

#include <string>
#include <string_view>

#include "weir/base/result.hpp"

#include "sqlite_handle.hpp"

namespace weir::inline v0::db {

enum class sqlite_role : std::uint8_t { reader, writer };

struct sqlite_place {
    std::string path;
    bool create = false;
    int busy_timeout_ms = 5000;
};

// Out of "sqlite:" and a path. Errors: unsupported, invalid_argument; the url is in the text.
result<sqlite_place> sqlite_place_of(std::string_view url);

// Blocks. A reader refuses writes twice: its file is open for reading, and SQLite is told so. The
// writer has the database in WAL mode and synchronises at every commit.
// Errors: not_found, permission_denied, storage, overloaded, unsupported; the path is in the text.
result<sqlite_handle> open_sqlite(const sqlite_place& place, sqlite_role role);

}  // namespace weir::inline v0::db
