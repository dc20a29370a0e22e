// How writes of many callers are gathered into one transaction.
#pragma once

#include <cstddef>

namespace weir::inline v0::db {

struct group_options {
    group_options() = default;

    // Of one transaction; 1 gives every write a transaction of its own.
    std::size_t max_statements = 1024;
    // Of its statements' texts and parameters; one that is larger goes alone.
    std::size_t max_bytes = std::size_t{1} << 20U;
    // Writes that may wait for a group; the next is refused at once with errc::overloaded.
    std::size_t max_waiting = 16384;
};

}  // namespace weir::inline v0::db
