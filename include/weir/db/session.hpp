// A connection of a database, for as long as it is held.
//
// It goes back on every way out. Where a transaction is open then, it is rolled back first, on a
// thread of the blocking pool. A session belongs to the loop that asked for it.
#pragma once

#include <string_view>

#include "weir/base/api.hpp"
#include "weir/db/connection.hpp"
#include "weir/pool/pool.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::db {

class rollback_desk;

class WEIR_API [[nodiscard]] session {
public:
    using loop_bound = void;

    // For a database.
    session(pool::lease<connection> lease, rollback_desk& desk) noexcept
        : lease_{std::move(lease)}, desk_{&desk} {}
    session(session&&) noexcept = default;
    session& operator=(session&& other) noexcept;
    ~session() { release(); }

    // Runs one statement to its end and answers with all that it returned, up to the limits.
    // Outside a transaction it is one of its own: a write that has answered is on disk. One at a
    // time: a second one while another runs gets errc::internal.
    //
    // Lifetime: sql and the views in bound, until the query has ended; the session, too.
    // Errors: invalid_argument (a parameter that is missing or unknown, or SQL that the engine
    // refuses, with its message), conflict (with its SQLSTATE), overloaded (locked by another
    // process for too long, or no thread to run on), storage, too_large, permission_denied (a write
    // on a reader), out_of_memory.
    // Cancellation: the statement is interrupted and awaited; the answer is the stop's reason. The
    // session is good afterwards; a transaction that was open may have been rolled back.
    task<result<rows>> query(std::string_view sql, params bound = {}, query_options options = {});

    // Of the connection, between queries.
    bool in_transaction() const noexcept { return lease_->in_transaction(); }

    // Gives the connection back now.
    void release() noexcept;

private:
    pool::lease<connection> lease_;
    rollback_desk* desk_;
};

}  // namespace weir::inline v0::db
