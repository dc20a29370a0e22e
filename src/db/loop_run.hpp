// One query's run on a loop: short, whatever it meets.
//
// While one of these is there, SQLite reads only what is in memory, waits for no lock, stops after
// as many steps as a quick statement may take, and takes no value that is long.
#pragma once

#include "resident_reads.hpp"

namespace weir::inline v0::db {

class loop_run {
public:
    // The connection's handlers, of progress and of a busy file, ask under_way.
    loop_run(sqlite3* handle, bool& under_way) noexcept;
    loop_run(const loop_run&) = delete;
    loop_run& operator=(const loop_run&) = delete;
    ~loop_run();

private:
    resident_reads from_memory_;
    sqlite3* handle_;
    int longest_before_;
    bool* under_way_;
};

}  // namespace weir::inline v0::db
