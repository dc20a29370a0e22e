// One write on its way through the queue, a group and its commit: in the frame of the task that
// asked, which stays until it has been answered.
#pragma once

#include <cstdint>

#include "weir/base/intrusive_list.hpp"

#include "sqlite_query.hpp"

namespace weir::inline v0::db {

class write_awaiter;

enum class write_phase : std::uint8_t {
    apart,     // not asked yet
    leading,   // its task fetches the connection for the group that it will be the first of
    waiting,   // for a group
    taken,     // into a group; has not begun
    running,   // on the thread; the only phase in which the thread touches query
    ran,       // waits for the commit
    answered,  // by whomever; nobody but its task knows of it any more
};

struct write_tag;

struct write_request : list_hook<write_tag> {
    write_request(std::string_view sql, const params& bound, const query_options& limits) noexcept
        : query{sql, bound, limits}, bytes{sql.size() + bound.bytes()} {
        query.must_write = true;
    }

    // Only where nobody else can answer it: before it is entered, or under the queue's lock.
    void fail(const error& why) noexcept;

    sqlite_query query;
    std::size_t bytes;

    // The queue's, under its lock.
    write_phase phase = write_phase::apart;
    std::uint64_t turn = 0;
    write_awaiter* waiter = nullptr;
};

}  // namespace weir::inline v0::db
