// A group of writes on SQLite: one transaction, a savepoint around each statement.
//
// A statement that fails is rolled back to its savepoint and answered; the others commit together.
// Where a statement took the whole transaction with it (it was interrupted, or says "rollback"), it
// is left out, those before it run again and are committed at once, and the rest follows: so no
// statement runs more than twice for its neighbours' sake. Where the disk failed, nothing of the
// transaction is there, and all of it is told so.
#pragma once

#include "weir/base/result.hpp"

#include "sqlite_handle.hpp"
#include "write_queue.hpp"

namespace weir::inline v0::db {

class sqlite_connection;

class sqlite_group {
public:
    explicit sqlite_group(sqlite_connection& connection) noexcept : connection_{&connection} {}

    // On a thread, between queries.
    void run(write_queue& group) noexcept;

private:
    // Each prepared once, when it is first needed.
    struct control {
        const char* sql;
        sqlite_statement statement;
    };

    void run_transaction(write_queue& group);
    // False where the transaction is gone, and its writes have been told or are to run again.
    bool run_statements(write_queue& group);
    void run_one(sqlite_query& query) noexcept;
    void run_within_savepoint(sqlite_query& query);
    void commit(write_queue& group);
    // SQLITE_DONE, or what went wrong.
    int step(control& what) noexcept;
    bool stands() const noexcept;
    bool owes_a_foreign_key() const noexcept;

    sqlite_connection* connection_;
    control begin_{"begin immediate", nullptr};
    control commit_{"commit", nullptr};
    control save_{"savepoint one", nullptr};
    control release_{"release one", nullptr};
    control undo_{"rollback to one", nullptr};
};

}  // namespace weir::inline v0::db
