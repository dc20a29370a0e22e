// What runs in a service at this moment, collected from its loops for those who ask what is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <source_location>
#include <string>
#include <vector>

#include "weir/net/lifecycle.hpp"
#include "weir/task/report.hpp"
#include "weir/task/task.hpp"

#include "state.hpp"

namespace weir::inline v0 {

struct connection_report {
    std::uint64_t id = 0;    // no other connection of the service has or had it
    std::uint64_t task = 0;  // what serves it, by its id on its loop
    std::string name;        // of its listener: protocol and address
    std::string protocol;
    std::string peer;
    net::lifecycle::state phase{};
    bool in_message = false;
    bool traced = false;
    time_point since;
    // The nearest of what it reads, of what it sends, of its task and of its age.
    time_point deadline;
    std::uint64_t received_bytes = 0;
    std::uint64_t sent_bytes = 0;
    std::size_t unread_bytes = 0;
    std::size_t unsent_bytes = 0;
    std::vector<std::source_location> waits_at;  // as its task does
};

struct connection_listing {
    std::size_t running = 0;  // all of them
    std::vector<connection_report> listed;
};

struct loop_report {
    unsigned loop = 0;
    time_point now;
    connection_listing connections;
    task_listing tasks;
};

// At least one of the two.
struct look_wanted {
    std::size_t connections = 0;  // so many of each loop at most
    std::size_t tasks = 0;
};

// One for each loop, empty for one that does not answer within a second. One that stalls is not
// asked, so that questions do not pile up there; one whose worker has ended has nothing left to
// tell. On the first loop.
task<std::vector<std::optional<loop_report>>> look_at_loops(const service_state& service,
                                                            look_wanted wanted);

// What a connection carries within so much time from now on, as text; see wire_trace. Errors:
// not_found, conflict where it is traced already, out_of_memory.
task<result<std::string>> trace_connection(const service_state& service, std::uint64_t connection,
                                           duration time);

}  // namespace weir::inline v0
