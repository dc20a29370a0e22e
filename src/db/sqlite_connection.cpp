#include "sqlite_connection.hpp"

#include <algorithm>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "loop_run.hpp"
#include "query_awaiter.hpp"
#include "sqlite_bind.hpp"
#include "sqlite_error.hpp"
#include "sqlite_run.hpp"
#include "statement_watch.hpp"

namespace weir::inline v0::db {
namespace {

// How many steps of SQLite's machine lie between two looks at whether to stop: some 20 us.
constexpr int progress_interval = 2000;

// Leaves a statement so that it holds no lock and no view, on every way out.
class statement_use {
public:
    explicit statement_use(sqlite3_stmt* statement) noexcept : statement_{statement} {}
    statement_use(const statement_use&) = delete;
    statement_use& operator=(const statement_use&) = delete;
    ~statement_use() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }

private:
    sqlite3_stmt* statement_;
};

}  // namespace

// Sets the connection's own handlers, on every way out.
class sqlite_connection::handlers_again {
public:
    explicit handlers_again(sqlite_connection& of) noexcept : connection_{&of} {}
    handlers_again(const handlers_again&) = delete;
    handlers_again& operator=(const handlers_again&) = delete;
    ~handlers_again() { connection_->set_handlers(); }

private:
    sqlite_connection* connection_;
};

sqlite_connection::sqlite_connection(sqlite_handle handle, const sqlite_limits& limits,
                                     sqlite_common& common)
    : handle_{std::move(handle)},
      limits_{limits},
      common_{&common},
      turn_{std::make_shared<query_turn>(handle_.get())},
      statements_{limits.cached_statements, common.prepared},
      resident_{resident_reads::possible(handle_.get())} {
    set_handlers();
}

// The last connection to a file would write the log back into it. One that is thrown away must not:
// that takes time, and it is not to be trusted.
sqlite_connection::~sqlite_connection() {
    if (!usable_) sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

task<result<rows>> sqlite_connection::query(std::string_view sql, params bound,
                                            query_options options) {
    const environment& env = co_await this_env{};
    if (env.scheduler().did_enough()) co_await yield();
    sqlite_query query{sql, bound, options};
    query_operand running{*this, query};
    co_return co_await running;
}

bool sqlite_connection::in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

void sqlite_connection::roll_back() noexcept {
    // Twice: the first may meet an interrupt that was meant for what went before.
    for (int attempt = 0; attempt < 2 && in_transaction(); ++attempt)
        sqlite3_exec(handle_.get(), "rollback", nullptr, nullptr, nullptr);
    if (in_transaction()) usable_ = false;
}

void sqlite_connection::run_group(write_queue& group) noexcept { group_.run(group); }

void sqlite_connection::run(sqlite_query& query) noexcept {
    query.failure.reset();
    try {
        if (auto done = answer(query); !done) query.failure.emplace(std::move(done.error()));
    } catch (const std::bad_alloc&) {
        query.failure.emplace(errc::out_of_memory);
    } catch (...) {
        query.failure.emplace(errc::too_large);
    }
    if (!query.failure) return;
    // A wait for a lock that was told to stop ends as a failed one.
    const errc code = query.failure->code();
    query.interrupted = code == errc::canceled || (code == errc::overloaded && turn_->stopping());
}

result<> sqlite_connection::answer(sqlite_query& query) {
    query.answer = row_recycler::take(common_->recycler);
    auto statement = statements_.find_or_prepare(handle_.get(), query.sql);
    if (!statement) return fail(std::move(statement.error()));
    // What controls transactions only reads, as SQLite sees it: a group is not to be ended so.
    if (query.must_write && sqlite3_stmt_readonly((*statement)->handle()) != 0)
        return fail(errc::invalid_argument, "the statement writes nothing");
    return step(**statement, query);
}

result<> sqlite_connection::step(prepared_statement& statement, sqlite_query& query) {
    const statement_use use{statement.handle()};
    if (auto bound = bind_params(handle_.get(), statement, *query.bound); !bound) return bound;
    // SQLite would forget an interrupt that came before its first step.
    if (turn_->stopping()) return fail(errc::canceled);
    const statement_watch watch{statement.handle()};
    const int code = run_statement(
        statement.handle(), sqlite_question{handle_.get(), query.limits, query.answer.get()});
    statement.pace().ended_on_thread(watch.soon());
    if (code == SQLITE_DONE) return {};
    return fail(note_failure(code));
}

bool sqlite_connection::answer_now(sqlite_query& query, scheduler& loop) noexcept {
    // A failed read in a transaction would end it.
    if (!resident_ || in_transaction()) return false;
    prepared_statement* const statement = statements_.find(query.sql);
    if (statement == nullptr || !statement->quick()) return false;
    if (loop.did_several()) common_->keeper->keep_on(loop);
    const int code = step_now(*statement, query);
    if (code == SQLITE_DONE) {
        common_->on_loop.fetch_add(1, std::memory_order_relaxed);
        return true;
    }
    // What is wrong with the parameters is not the statement's pace.
    if ((code & 0xFF) != SQLITE_ERROR) statement->pace().ended_on_loop(false);
    query.answer.reset();
    return false;
}

int sqlite_connection::step_now(prepared_statement& statement, sqlite_query& query) noexcept try {
    query.answer = row_recycler::take(common_->recycler);
    const statement_use use{statement.handle()};
    if (!bind_params(handle_.get(), statement, *query.bound)) return SQLITE_ERROR;
    const handlers_again later{*this};
    const loop_run run{statement.handle()};
    const int code = run_statement(
        statement.handle(), sqlite_question{handle_.get(), query.limits, query.answer.get()});
    if (code == SQLITE_DONE) statement.pace().ended_on_loop(run.soon());
    return code;
} catch (...) {
    return SQLITE_NOMEM;
}

void sqlite_connection::set_handlers() noexcept {
    sqlite3_progress_handler(handle_.get(), progress_interval, on_progress, this);
    sqlite3_busy_handler(handle_.get(), on_busy, this);
}

error sqlite_connection::note_failure(int code) {
    error why = (code & 0xFF) == SQLITE_INTERRUPT ? error{errc::canceled}
                                                  : sqlite_error(handle_.get(), code);
    if (spoils_transaction(code)) roll_back();
    if (breaks_connection(code)) usable_ = false;
    return why;
}

int sqlite_connection::on_progress(void* self) noexcept {
    return static_cast<sqlite_connection*>(self)->turn_->stopping() ? 1 : 0;
}

// Called where another process holds the lock; 0 gives up. Time is counted in naps: it needs no
// clock, and a process that was stopped meanwhile does not give up early.
int sqlite_connection::on_busy(void* self, int attempt) noexcept {
    auto& connection = *static_cast<sqlite_connection*>(self);
    if (attempt == 0) connection.busy_ms_ = 0;
    const int left = connection.limits_.busy_timeout_ms - connection.busy_ms_;
    if (left <= 0 || connection.turn_->stopping()) return 0;
    const int nap = std::min(left, std::min(1 << std::min(attempt, 5), 25));
    connection.busy_ms_ += nap;
    connection.turn_->nap(std::chrono::milliseconds{nap});
    return 1;
}

}  // namespace weir::inline v0::db
