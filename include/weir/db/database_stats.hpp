// What a database knows of itself, at a moment that has passed.
#pragma once

#include <cstdint>

#include "weir/pool/stats.hpp"

namespace weir::inline v0::db {

struct database_stats {
    pool::stats readers;
    pool::stats writer;
    // Statements that had to be prepared, over all connections; those found prepared are not here.
    std::uint64_t prepared = 0;
    // Queries that were answered on their loop, out of memory; all others were on a thread.
    std::uint64_t on_loop = 0;
    // Turns in which a loop had many of them, and the lock was kept from one to the next.
    std::uint64_t lock_keeping_turns = 0;
    // Writes that wait for a group; groups that have ended, and the writes that were in them.
    std::size_t writes_waiting = 0;
    std::uint64_t groups = 0;
    std::uint64_t grouped = 0;
};

}  // namespace weir::inline v0::db
