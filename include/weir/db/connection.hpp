// The seam between a session and an engine: one connection that is open.
//
// Used by one loop at a time, and by one query at a time.
#pragma once

#include <string_view>

#include "weir/db/params.hpp"
#include "weir/db/query_options.hpp"
#include "weir/db/rows.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::db {

class write_queue;

class connection {
public:
    virtual ~connection() = default;

    // See session::query().
    virtual task<result<rows>> query(std::string_view sql, params bound, query_options options) = 0;
    // Between queries: a transaction is open.
    virtual bool in_transaction() const noexcept = 0;
    // Not after an error that leaves its state unknown; it is then closed and replaced.
    virtual bool usable() const noexcept = 0;
    // Ends a transaction without effect. Blocks; on any thread, between queries.
    virtual void roll_back() noexcept = 0;
    // Runs the group that has been taken as one transaction, and answers each of its writes. The
    // same.
    virtual void run_group(write_queue& group) noexcept = 0;
};

}  // namespace weir::inline v0::db
