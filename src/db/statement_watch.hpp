// Sees how long a statement takes, from here to its end: in steps of SQLite's machine, and in time.
#pragma once

#include <sqlite3.h>

#include "weir/io/blocking.hpp"

#include "statement_pace.hpp"

namespace weir::inline v0::db {

class statement_watch {
public:
    // The steps begin at none.
    explicit statement_watch(sqlite3_stmt* statement) noexcept
        : statement_{statement}, began_{io::blocking_pool::now()} {
        sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    }
    bool soon() const noexcept {
        const int steps = sqlite3_stmt_status(statement_, SQLITE_STMTSTATUS_VM_STEP, 0);
        return steps < statement_pace::most_steps &&
               io::blocking_pool::now() - began_ <= statement_pace::most_time;
    }

private:
    sqlite3_stmt* statement_;
    time_point began_;
};

}  // namespace weir::inline v0::db
