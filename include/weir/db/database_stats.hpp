// What a database knows of itself, at a moment that has passed.
#pragma once

#include <cstdint>

#include "weir/pool/stats.hpp"

namespace weir::db {

struct database_stats {
    pool::stats readers;
    pool::stats writer;
    // Statements that had to be prepared, over all connections; those found prepared are not here.
    std::uint64_t prepared = 0;
};

}  // namespace weir::db
