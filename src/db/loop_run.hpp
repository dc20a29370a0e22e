// One query's run on a loop: short, whatever it meets.
//
// While one of these is there, SQLite reads only what is in memory and waits for no lock; it takes
// no long value, and is stopped after as many steps, or as much time, as a quick statement takes.
#pragma once

#include "weir/base/clock.hpp"

#include "resident_reads.hpp"

namespace weir::inline v0::db {

class loop_run {
public:
    // Takes the places of the connection's handlers for progress and for a busy file; the caller
    // sets them again.
    explicit loop_run(sqlite3_stmt* statement) noexcept;
    loop_run(const loop_run&) = delete;
    loop_run& operator=(const loop_run&) = delete;
    ~loop_run();

    bool soon() const noexcept;

private:
    static int look(void* self) noexcept;

    resident_reads from_memory_;
    sqlite3* handle_;
    int longest_before_;
    int steps_ = 0;
    time_point began_;
};

}  // namespace weir::inline v0::db
