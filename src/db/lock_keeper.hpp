// A database's read lock, kept while a loop has many quick queries to answer.
//
// SQLite asks the kernel for the lock where a connection begins to read, and gives it back at the
// end: half of what a short query costs. What another connection of the process holds already it
// only counts. So one connection that reads nothing holds the lock from a query in a busy turn to
// the turn's end, for every loop that joins. Each query is a transaction of its own as before, and
// sees what has been committed until it begins.
//
// Who waits for readers to be gone, as a checkpoint that empties the log does, must not wait for
// longer than without this: once one loop has left nobody joins until all have, and then the lock
// is left free for as long as it was kept. It is kept in WAL mode only, where nobody else does. See
// docs/adr/0024-a-busy-turn-keeps-the-lock.md.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>

#include "weir/base/clock.hpp"
#include "weir/base/intrusive_list.hpp"
#include "weir/base/mutex.hpp"
#include "weir/io/blocking.hpp"
#include "weir/task/scheduler.hpp"

#include "sqlite_handle.hpp"
#include "sqlite_open.hpp"

namespace weir::inline v0::db {

// Shared by the database and by the turns that have it keep the lock.
class lock_keeper : public std::enable_shared_from_this<lock_keeper> {
public:
    lock_keeper(sqlite_place place, io::blocking_pool& threads);
    lock_keeper(const lock_keeper&) = delete;
    lock_keeper& operator=(const lock_keeper&) = delete;
    ~lock_keeper();

    // On a loop: the lock is kept until its turn has ended, where it is to be had at once and
    // without a wait. Has its connection opened on a thread when it is first asked, and a second
    // after that failed or the connection did.
    void keep_on(scheduler& loop) noexcept WEIR_EXCLUDES(mutex_);
    // Gives the lock back and closes the connection; nothing is kept any more. Blocks for as long
    // as a thread is opening it. From any thread.
    void close() noexcept WEIR_EXCLUDES(mutex_);
    // Turns that had it kept. From any thread.
    std::uint64_t turns() const noexcept WEIR_EXCLUDES(mutex_);

private:
    class opening;
    class stay;
    struct stay_tag;
    enum class opening_phase : std::uint8_t { none, queued, begun };

    bool may_open(time_point now) const noexcept WEIR_REQUIRES(mutex_);
    void launch() noexcept WEIR_EXCLUDES(mutex_);
    bool begin_opening() noexcept WEIR_EXCLUDES(mutex_);
    void opened(sqlite_handle handle) noexcept WEIR_EXCLUDES(mutex_);
    void not_opened() noexcept WEIR_EXCLUDES(mutex_);

    void join(scheduler& loop) noexcept WEIR_REQUIRES(mutex_);
    bool knows(const scheduler& loop) noexcept WEIR_REQUIRES(mutex_);
    bool hold() noexcept WEIR_REQUIRES(mutex_);
    void leave(stay& one) noexcept WEIR_EXCLUDES(mutex_);
    void let_go() noexcept WEIR_REQUIRES(mutex_);
    void forget_connection() noexcept WEIR_REQUIRES(mutex_);

    sqlite_place place_;
    io::blocking_pool* const threads_;
    mutable mutex mutex_;
    std::condition_variable_any changed_;
    sqlite_handle handle_ WEIR_GUARDED_BY(mutex_);
    sqlite_statement reading_ WEIR_GUARDED_BY(mutex_);  // goes before its connection
    intrusive_list<stay, stay_tag> stays_ WEIR_GUARDED_BY(mutex_);
    std::uint64_t turns_ WEIR_GUARDED_BY(mutex_) = 0;
    time_point kept_since_ WEIR_GUARDED_BY(mutex_);
    time_point free_until_ WEIR_GUARDED_BY(mutex_) = time_point::min();
    time_point next_opening_ WEIR_GUARDED_BY(mutex_) = time_point::min();
    opening_phase opening_ WEIR_GUARDED_BY(mutex_) = opening_phase::none;
    bool leaving_ WEIR_GUARDED_BY(mutex_) = false;  // one has left, and not all
    bool closed_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir::inline v0::db
