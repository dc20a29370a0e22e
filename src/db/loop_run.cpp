#include "loop_run.hpp"

#include "weir/io/blocking.hpp"

#include "statement_pace.hpp"

namespace weir::inline v0::db {
namespace {

// In bytes, of a value and of a row: one step may copy it, or search it for another.
constexpr int longest_value = 4 << 10;

// How many steps of SQLite's machine lie between two looks.
constexpr int look_interval = 100;

}  // namespace

loop_run::loop_run(sqlite3_stmt* statement) noexcept
    : handle_{sqlite3_db_handle(statement)},
      longest_before_{sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, longest_value)},
      began_{io::blocking_pool::now()} {
    // From no step on: SQLite looks by the same count.
    sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    sqlite3_progress_handler(handle_, look_interval, look, this);
    sqlite3_busy_handler(handle_, nullptr, nullptr);
}

loop_run::~loop_run() { sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, longest_before_); }

int loop_run::look(void* self) noexcept {
    auto& run = *static_cast<loop_run*>(self);
    run.steps_ += look_interval;
    return run.steps_ >= statement_pace::most_steps || !run.soon() ? 1 : 0;
}

bool loop_run::soon() const noexcept {
    return io::blocking_pool::now() - began_ <= statement_pace::most_time;
}

}  // namespace weir::inline v0::db
