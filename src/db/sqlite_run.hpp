// Runs one statement of a connection to its end and keeps what it returns.
#pragma once

#include "weir/db/params.hpp"
#include "weir/db/query_options.hpp"
#include "weir/db/row_data.hpp"

#include "statement_cache.hpp"

namespace weir::inline v0::db {

// What SQLite was asked, and where the answer goes.
struct sqlite_question {
    sqlite3* handle;
    const query_options* limits;
    row_data* answer;
};

// Parameters are bound; the statement is reset by the caller, whatever the outcome. Answers with
// SQLITE_DONE, or with the extended code that ended it. Throws std::bad_alloc.
int run_statement(sqlite3_stmt* statement, const sqlite_question& question);

}  // namespace weir::inline v0::db
