// A database: connections to read with, shared fairly, and one to write with.
//
//     auto session = co_await or_return(database.session());
//     auto rows = co_await or_return(session.query("select ...", db::params{{"name", text}}));
//     auto done = co_await or_return(database.write("insert ...", db::params{{"name", text}}));
//
// A statement runs on a thread of the blocking pool; a select that has proved quick, and whose
// pages are in memory, on the loop that asks. No loop waits for a disk or a lock. Every function
// may be called from any loop. The database outlives its sessions; the blocking pool outlives the
// database.
#pragma once

#include <memory>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/db/database_options.hpp"
#include "weir/db/database_stats.hpp"
#include "weir/db/group_metrics.hpp"
#include "weir/db/session.hpp"
#include "weir/db/statement_info.hpp"
#include "weir/io/blocking.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::db {

class WEIR_API database {
public:
    // url is "sqlite:" and a path. Blocks: opens the file once, to see that it is there and a
    // database, and puts it into WAL mode; for the start of a service.
    // Errors: not_found, storage (not a database), permission_denied, unsupported (an engine, or a
    // file system that cannot do WAL), each with the path in its text.
    static result<database> open(std::string_view url, io::blocking_pool& threads,
                                 const database_options& options = {});
    // As open(); throws std::runtime_error with the error's message.
    database(std::string_view url, io::blocking_pool& threads,
             const database_options& options = {});
    database(database&& other) noexcept;
    database& operator=(database&& other) noexcept;
    // No session is out, nobody waits. Blocks until transactions that were left open have been
    // rolled back, and for SQLite's checkpoint.
    ~database();

    // A connection to read with; it refuses writes. Waits for its turn, in the order of asking.
    // Errors: overloaded, timed_out, and what opening a connection fails with: storage where the
    // file is gone by now.
    // Cancellation: answers with the stop's reason, nothing taken.
    task<result<class session>> session();
    // The one connection that may write, on the same terms; it reads as well.
    // Errors: as session(); unsupported where the database is read-only.
    task<result<class session>> writer();

    // One statement that writes, and stands for itself: durable when it has answered. Writes of all
    // callers that came while others were being committed share one transaction, and so one wait
    // for the disk; one that fails is undone alone, and its neighbours commit. In turn with
    // writer(), first come, first served.
    //
    // Lifetime: sql and the views in bound, until it has ended.
    // Errors: as session::query(); invalid_argument for a statement that only reads, or that
    // controls transactions; overloaded where group.max_waiting wait already, or where its turn did
    // not come within connections.acquire_timeout; unsupported where the database is read-only;
    // storage, where the disk failed: nothing of its group has been written; outcome_unknown, where
    // it failed at the moment of the commit.
    // Cancellation: one whose statement has not begun is taken back; one that runs is interrupted,
    // undone and awaited, and its neighbours run again; one that waits for the commit is awaited,
    // and answers with its outcome. Destroyed, it blocks for as long as its statement takes to end,
    // and may have been committed.
    task<result<rows>> write(std::string_view sql, params bound = {}, query_options options = {});

    // Whether the engine takes the statement as it stands, and what it would bind and return.
    // Blocks, on a connection of its own; for the start of a service.
    // Errors: invalid_argument with the engine's message and the byte offset where it has one;
    // too_large for more parameters than params holds; what opening fails with.
    result<statement_info> prepare_check(std::string_view sql) const;

    database_stats stats() const noexcept;
    // Told of every group of writes from now on; the handles stay good until others are given.
    void observe_groups(const group_metrics& told) const noexcept;

private:
    struct state;
    explicit database(std::unique_ptr<state> state) noexcept;

    std::unique_ptr<state> state_;
};

}  // namespace weir::inline v0::db
