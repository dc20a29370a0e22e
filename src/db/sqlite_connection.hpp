// One open connection to SQLite.
//
// The loop that holds it asks; a thread of the blocking pool runs, one query at a time, and is
// awaited always: what SQLite is given views into is there until it has ended. See query_turn.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "weir/db/connection.hpp"
#include "weir/io/blocking.hpp"

#include "query_turn.hpp"
#include "row_recycler.hpp"
#include "sqlite_open.hpp"
#include "statement_cache.hpp"

namespace weir::db {

// What the connections of one database have in common; outlives them.
struct sqlite_common {
    explicit sqlite_common(io::blocking_pool& pool) : threads{&pool} {}

    io::blocking_pool* threads;
    std::shared_ptr<row_recycler> recycler = std::make_shared<row_recycler>();
    std::atomic<std::uint64_t> prepared = 0;
};

struct sqlite_limits {
    std::size_t cached_statements = 64;
    int busy_timeout_ms = 5000;
};

// One query, in the frame of the task that asked. Written by the thread, read when that has ended.
struct sqlite_query {
    sqlite_query(std::string_view text, const params& values, const query_options& options) noexcept
        : sql{text}, bound{&values}, limits{&options} {}

    std::string_view sql;
    const params* bound;
    const query_options* limits;
    rows::owner answer;
    std::optional<error> failure;
    bool interrupted = false;
};

class sqlite_connection final : public connection {
public:
    sqlite_connection(sqlite_handle handle, const sqlite_limits& limits, sqlite_common& common);
    ~sqlite_connection() override;

    task<result<rows>> query(std::string_view sql, params bound, query_options options) override;
    bool in_transaction() const noexcept override;
    bool usable() const noexcept override { return usable_; }
    void roll_back() noexcept override;

    // For query_awaiter.
    io::blocking_pool& threads() const noexcept { return *common_->threads; }
    const std::shared_ptr<query_turn>& turn() const noexcept { return turn_; }
    // On a thread, within its turn.
    void run(sqlite_query& query) noexcept;

private:
    static int on_progress(void* self) noexcept;
    static int on_busy(void* self, int attempt) noexcept;

    result<> answer(sqlite_query& query);
    result<> step(prepared_statement& statement, sqlite_query& query);
    error note_failure(int code);

    sqlite_handle handle_;
    sqlite_limits limits_;
    sqlite_common* common_;
    std::shared_ptr<query_turn> turn_;
    statement_cache statements_;
    int busy_ms_ = 0;  // spent in the wait for a lock that is under way
    bool usable_ = true;
};

}  // namespace weir::db
