// Who has a connection's handle: the loop, which asks and may stop, or a thread, which runs. (What
// the loop runs itself nobody can stop meanwhile.)
//
// A stop must reach the query it was meant for and no other, and a query that is taken back before
// it began must never begin. So every query has a number, and every step names it, under one lock.
// It is shared by the connection and by the work that is under way, since the latter may be found
// in a queue long after the connection is gone.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>

#include <sqlite3.h>

#include "weir/base/mutex.hpp"

namespace weir::inline v0::db {

class query_turn {
public:
    explicit query_turn(sqlite3* handle) noexcept : handle_{handle} {}
    query_turn(const query_turn&) = delete;
    query_turn& operator=(const query_turn&) = delete;

    // The loop's side. A number for a query that is to run; 0 where there is one already.
    std::uint64_t claim() noexcept WEIR_EXCLUDES(mutex_);
    // True where it has not begun, and from now on never will.
    bool revoke(std::uint64_t query) noexcept WEIR_EXCLUDES(mutex_);
    // Brings it to an end soon, if it runs. A second time does nothing.
    void interrupt(std::uint64_t query) noexcept WEIR_EXCLUDES(mutex_);
    // Blocks while it runs.
    void await_end(std::uint64_t query) noexcept WEIR_EXCLUDES(mutex_);

    // The thread's side. False where it was revoked: nothing of it may be touched.
    bool begin(std::uint64_t query) noexcept WEIR_EXCLUDES(mutex_);
    void end() noexcept WEIR_EXCLUDES(mutex_);
    bool stopping() const noexcept { return stopping_.load(std::memory_order_relaxed); }
    // Waits, unless it is stopping.
    void nap(std::chrono::milliseconds time) noexcept WEIR_EXCLUDES(mutex_);

private:
    enum class phase : std::uint8_t { idle, claimed, running };

    sqlite3* handle_;
    std::atomic<bool> stopping_ = false;
    mutex mutex_;
    std::condition_variable_any changed_;
    phase phase_ WEIR_GUARDED_BY(mutex_) = phase::idle;
    std::uint64_t query_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::inline v0::db
