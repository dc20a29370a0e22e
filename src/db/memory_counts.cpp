#include "weir/db/memory_counts.hpp"

#include <sqlite3.h>

namespace weir::inline v0::db {

bool switch_memory_counts_off() noexcept {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
}

}  // namespace weir::inline v0::db
