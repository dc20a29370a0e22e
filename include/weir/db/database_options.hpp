// What a database is told once.
#pragma once

#include <chrono>
#include <cstddef>

#include "weir/db/group_options.hpp"
#include "weir/pool/options.hpp"

namespace weir::inline v0::db {

struct database_options {
    database_options() noexcept { connections.max_size = 4; }

    // Of the readers; the one writer takes everything from here but max_size. Each connection in
    // use needs a thread of the blocking pool, so that one should have at least max_size + 1.
    pool::options connections;
    // Of the writes that database::write() gathers.
    group_options group;
    // How long a statement waits for a lock that another process holds, its deadline apart.
    std::chrono::milliseconds busy_timeout{5000};
    // Prepared statements that one connection keeps; the least recently used makes room.
    std::size_t cached_statements = 64;
    // Whether a missing file is made, and not an error.
    bool create = false;
    // Nothing is written, not even the journal mode; writer() is an error.
    bool read_only = false;
};

}  // namespace weir::inline v0::db
