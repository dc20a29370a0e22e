// Takes connections that come back with a transaction open: rolls it back on a thread, then gives
// the connection to its pool from there, so that no loop has to turn for it. From any loop.
#pragma once

#include <condition_variable>
#include <cstddef>

#include "weir/base/mutex.hpp"
#include "weir/db/connection.hpp"
#include "weir/io/blocking.hpp"
#include "weir/pool/pool.hpp"

namespace weir::inline v0::db {

class rollback_desk {
public:
    explicit rollback_desk(io::blocking_pool& threads) : threads_{&threads} {}
    rollback_desk(const rollback_desk&) = delete;
    rollback_desk& operator=(const rollback_desk&) = delete;
    // Blocks until what it took has gone back.
    ~rollback_desk();

    // Where no thread is to be had, it is rolled back here: late is worse than slow, since an open
    // transaction keeps the next writer out.
    void take(pool::lease<connection> lease) noexcept;

private:
    class job;
    void one_taken() noexcept WEIR_EXCLUDES(mutex_);
    void one_done() noexcept WEIR_EXCLUDES(mutex_);

    io::blocking_pool* threads_;
    mutex mutex_;
    std::condition_variable_any changed_;
    std::size_t under_way_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::inline v0::db
