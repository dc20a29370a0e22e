// SQLite's reads on this thread, answered from memory or not at all.
//
// While one of these is there, a read of a file that the system would have to fetch from a disk
// fails as an input/output error of SQLite's, at once. What is in the page cache is read as ever.
#pragma once

#include <sqlite3.h>

namespace weir::inline v0::db {

class resident_reads {
public:
    // The name to open a connection under that can be read so, or null where there is none: another
    // VFS than SQLite's for Unix is the process's default, and it is not ours to pass by.
    static const char* vfs_name() noexcept;
    // Whether the connection was opened under it.
    static bool possible(sqlite3* handle) noexcept;

    resident_reads() noexcept;
    resident_reads(const resident_reads&) = delete;
    resident_reads& operator=(const resident_reads&) = delete;
    ~resident_reads();
};

}  // namespace weir::inline v0::db
