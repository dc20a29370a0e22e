#include "sqlite_group.hpp"

#include <new>
#include <optional>
#include <string>
#include <utility>

#include "sqlite_connection.hpp"
#include "sqlite_error.hpp"

namespace weir::inline v0::db {
namespace {

// What one statement met meets them all: the disk, or memory.
bool concerns_all(const error& why) noexcept {
    return why == errc::storage || why == errc::out_of_memory || why == errc::internal;
}

// What was not written whole is no commit. Where another step failed, the sync above all, the log
// may hold the whole transaction: after a crash it would be found there.
error outcome_of_commit(int code, error why) {
    if ((code & 0xFF) != SQLITE_IOERR || code == SQLITE_IOERR_WRITE) return why;
    return error{errc::outcome_unknown, "the disk failed while it was committed"}.because(
        std::move(why));
}

}  // namespace

void sqlite_group::run(write_queue& group) noexcept {
    do {
        try {
            run_transaction(group);
        } catch (const std::bad_alloc&) {
            connection_->roll_back();
            group.fail_group(errc::out_of_memory);
        }
    } while (group.group_has_more());
}

void sqlite_group::run_transaction(write_queue& group) {
    const int begun = step(begin_);
    if (begun != SQLITE_DONE) return group.fail_group(connection_->note_failure(begun));
    if (run_statements(group)) commit(group);
}

bool sqlite_group::run_statements(write_queue& group) {
    query_turn& turn = *connection_->turn();
    while (write_request* write = group.begin_next(turn)) {
        run_one(write->query);
        std::optional<errc> shared;
        if (write->query.failure && concerns_all(*write->query.failure))
            shared = write->query.failure->code();
        group.end(*write, turn);
        if (stands()) continue;
        if (shared) {
            group.fail_group(*shared);
        } else {
            group.redo();
        }
        return false;
    }
    return true;
}

void sqlite_group::run_one(sqlite_query& query) noexcept {
    try {
        run_within_savepoint(query);
    } catch (const std::bad_alloc&) {
        query.failure.emplace(errc::out_of_memory);
        connection_->roll_back();
    }
}

void sqlite_group::run_within_savepoint(sqlite_query& query) {
    if (const int saved = step(save_); saved != SQLITE_DONE) {
        query.failure.emplace(connection_->note_failure(saved));
        return connection_->roll_back();
    }
    connection_->run(query);
    if (!stands()) return;
    // By itself it would not have been committed.
    if (!query.failure && owes_a_foreign_key())
        query.failure.emplace(sqlite_error(SQLITE_CONSTRAINT_FOREIGNKEY,
                                           "FOREIGN KEY constraint"
                                           " failed"));
    int ended = query.failure ? step(undo_) : SQLITE_DONE;
    if (ended == SQLITE_DONE) ended = step(release_);
    if (ended == SQLITE_DONE) return;
    query.failure.emplace(connection_->note_failure(ended));
    connection_->roll_back();
}

void sqlite_group::commit(write_queue& group) {
    const int code = step(commit_);
    if (code == SQLITE_DONE) return group.committed();
    const error why = outcome_of_commit(code, connection_->note_failure(code));
    connection_->roll_back();
    group.fail_group(why);
}

int sqlite_group::step(control& what) noexcept {
    if (!what.statement) {
        sqlite3_stmt* raw = nullptr;
        const int code = sqlite3_prepare_v3(connection_->handle(), what.sql, -1,
                                            SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
        what.statement.reset(raw);
        if (code != SQLITE_OK) return code;
    }
    const int code = sqlite3_step(what.statement.get());
    sqlite3_reset(what.statement.get());
    return code;
}

bool sqlite_group::stands() const noexcept {
    return connection_->in_transaction() && connection_->usable();
}

bool sqlite_group::owes_a_foreign_key() const noexcept {
    int owed = 0;
    int highest = 0;
    sqlite3_db_status(connection_->handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &owed, &highest, 0);
    return owed != 0;
}

}  // namespace weir::inline v0::db
