// One open connection to SQLite.
//
// The loop that holds it asks; a thread of the blocking pool runs, one query at a time, and is
// awaited always: what SQLite is given views into is there until it has ended. See query_turn. What
// is quick the loop runs itself, see loop_run.
#pragma once

#include <atomic>
#include <memory>

#include "weir/db/connection.hpp"
#include "weir/io/blocking.hpp"

#include "lock_keeper.hpp"
#include "query_turn.hpp"
#include "row_recycler.hpp"
#include "sqlite_group.hpp"
#include "sqlite_open.hpp"
#include "sqlite_query.hpp"
#include "statement_cache.hpp"

namespace weir::inline v0::db {

// What the connections of one database have in common; outlives them.
struct sqlite_common {
    sqlite_common(io::blocking_pool& pool, const sqlite_place& place)
        : threads{&pool}, keeper{std::make_shared<lock_keeper>(place, pool)} {}

    io::blocking_pool* threads;
    std::shared_ptr<lock_keeper> keeper;
    std::shared_ptr<row_recycler> recycler = std::make_shared<row_recycler>();
    std::atomic<std::uint64_t> prepared = 0;
    std::atomic<std::uint64_t> on_loop = 0;
};

struct sqlite_limits {
    std::size_t cached_statements = 64;
    int busy_timeout_ms = 5000;
};

class sqlite_connection final : public connection {
public:
    sqlite_connection(sqlite_handle handle, const sqlite_limits& limits, sqlite_common& common);
    ~sqlite_connection() override;

    task<result<rows>> query(std::string_view sql, params bound, query_options options) override;
    bool in_transaction() const noexcept override;
    bool usable() const noexcept override { return usable_; }
    void roll_back() noexcept override;
    void run_group(write_queue& group) noexcept override;

    // For query_awaiter and sqlite_group.
    io::blocking_pool& threads() const noexcept { return *common_->threads; }
    const std::shared_ptr<query_turn>& turn() const noexcept { return turn_; }
    // On a thread, within its turn.
    void run(sqlite_query& query) noexcept;
    // On the loop, its turn claimed: the answer, where it is to be had soon and without a wait; or
    // false, and nothing has happened. What fails is left to a thread, to fail again.
    bool answer_now(sqlite_query& query, scheduler& loop) noexcept;
    // What a statement's code means for the connection, and to whoever asked.
    error note_failure(int code);
    sqlite3* handle() const noexcept { return handle_.get(); }

private:
    class handlers_again;

    static int on_progress(void* self) noexcept;
    static int on_busy(void* self, int attempt) noexcept;

    result<> answer(sqlite_query& query);
    result<> step(prepared_statement& statement, sqlite_query& query);
    int step_now(prepared_statement& statement, sqlite_query& query) noexcept;
    void set_handlers() noexcept;

    sqlite_handle handle_;
    sqlite_limits limits_;
    sqlite_common* common_;
    std::shared_ptr<query_turn> turn_;
    statement_cache statements_;
    sqlite_group group_{*this};
    int busy_ms_ = 0;      // spent in the wait for a lock that is under way
    const bool resident_;  // it was opened so that it can read from memory only
    bool usable_ = true;
};

}  // namespace weir::inline v0::db
