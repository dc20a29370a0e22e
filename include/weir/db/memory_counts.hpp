// What SQLite counts of the memory that a process takes through it.
#pragma once

#include "weir/base/api.hpp"

namespace weir::inline v0::db {

// SQLite keeps these counts under a lock that each of its allocations takes, and each release. A
// program in which nobody asks for them (sqlite3_memory_used(), a heap limit) may do without, from
// before the first database is opened; afterwards this has no effect and answers false. It is so
// for the whole process.
WEIR_API bool switch_memory_counts_off() noexcept;

}  // namespace weir::inline v0::db
