// The wait for a query: none where it is quick, or for a thread, which is stopped by interrupting
// it, and awaited.
//
// Destroyed while the query runs, it interrupts and blocks until that has ended; so nothing that
// the query refers to goes before it. That is the way out of a loop that is torn down, not of a
// service that drains.
#pragma once

#include "weir/io/blocking.hpp"

#include "sqlite_connection.hpp"

namespace weir::inline v0::db {

class query_awaiter final : public io::blocking_waiter {
public:
    query_awaiter(sqlite_connection& connection, sqlite_query& query,
                  const environment& env) noexcept
        : blocking_waiter{connection.threads(), env}, connection_{&connection}, query_{&query} {}
    ~query_awaiter();

    bool await_ready();
    void await_suspend(continuation then) noexcept { park(then); }
    result<rows> await_resume();

private:
    class job;
    bool interrupt_work() noexcept override;

    sqlite_connection* connection_;
    sqlite_query* query_;
    std::uint64_t turn_ = 0;
};

// The operand outlives the wait.
class [[nodiscard]] query_operand {
public:
    query_operand(sqlite_connection& connection, sqlite_query& query) noexcept
        : connection_{&connection}, query_{&query} {}
    query_awaiter await_with(const environment& env) const noexcept {
        return {*connection_, *query_, env};
    }

private:
    sqlite_connection* connection_;
    sqlite_query* query_;
};

}  // namespace weir::inline v0::db
