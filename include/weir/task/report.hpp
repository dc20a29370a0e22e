// What runs on a loop, and where it waits: for those who look at a service that does not move.
//
// Always on: a coroutine notes its place at each co_await, and which task it waits for; nothing is
// collected before somebody asks.
#pragma once

#include <cstdint>
#include <source_location>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"

namespace weir::inline v0 {

class scheduler;
class spawned_task;

struct task_report {
    std::uint64_t id;  // no other task of its loop has or had it
    const char* name;  // what spawn() was given, or else which function called it
    std::source_location spawned_at;
    time_point since;
    time_point deadline;  // the nearest of all that it is under
    // From the task's own coroutine inwards to the one that waits for something else than a task;
    // behind the parts of a when_all or when_any that of each, in order. One place where a member
    // of a scope waits by itself.
    std::vector<std::source_location> waits_at;
};

struct task_listing {
    std::size_t running = 0;  // all of them
    std::vector<task_report> listed;
};

// Of one of them. On its loop.
WEIR_API task_report report_task(const spawned_task& of);

// The spawned tasks of the loop that has this scheduler, `most` of them at most, the oldest scopes
// first. On that loop.
WEIR_API task_listing report_tasks(scheduler& of, std::size_t most);

}  // namespace weir::inline v0
