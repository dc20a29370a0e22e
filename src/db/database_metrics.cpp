#include "weir/db/database_metrics.hpp"

#include <utility>

namespace weir::inline v0::db {
namespace {

using metrics::callback_registration;
using metrics::registry;

struct role {
    const char* name;
    pool::stats database_stats::* stats;
};
struct state {
    const char* name;
    std::size_t pool::stats::* count;
};

callback_registration connections(registry& to, const database& observed, role of, state in) {
    return to.gauge_callback("weir_db_connections", "Connections to the database.",
                             {{"role", of.name}, {"state", in.name}}, [&observed, of, in] {
                                 return static_cast<double>(observed.stats().*of.stats.*in.count);
                             });
}

callback_registration waiting(registry& to, const database& observed, role of) {
    return to.gauge_callback(
        "weir_db_waiting", "Tasks that wait for a connection.", {{"role", of.name}},
        [&observed, of] { return static_cast<double>((observed.stats().*of.stats).waiting); });
}

// A histogram is one of durations: with a second for each statement, bounds and sum read right.
metrics::histogram group_sizes(registry& to) {
    std::vector<duration> bounds;
    for (int size = 1; size <= 4096; size *= 4) bounds.emplace_back(std::chrono::seconds{size});
    return to.histogram("weir_db_group_statements", "Writes that shared a transaction.",
                        metrics::histogram_options{std::move(bounds)});
}

}  // namespace

database_metrics::database_metrics(registry& registry, const database& observed)
    : observed_{&observed} {
    for (const role of :
         {role{"reader", &database_stats::readers}, role{"writer", &database_stats::writer}}) {
        for (const state in :
             {state{"in_use", &pool::stats::in_use}, state{"idle", &pool::stats::idle}})
            registrations_.push_back(connections(registry, observed, of, in));
        registrations_.push_back(waiting(registry, observed, of));
    }
    registrations_.push_back(registry.counter_callback(
        "weir_db_statements_prepared_total", "Statements that were not found prepared.", {},
        [&observed] { return static_cast<double>(observed.stats().prepared); }));
    registrations_.push_back(registry.counter_callback(
        "weir_db_loop_queries_total", "Queries that were answered on a loop, out of memory.", {},
        [&observed] { return static_cast<double>(observed.stats().on_loop); }));
    registrations_.push_back(registry.counter_callback(
        "weir_db_lock_keeping_turns_total",
        "Turns of a loop with so many queries that the lock was kept from one to the next.", {},
        [&observed] { return static_cast<double>(observed.stats().lock_keeping_turns); }));
    registrations_.push_back(registry.gauge_callback(
        "weir_db_writes_waiting", "Writes that wait for a group.", {},
        [&observed] { return static_cast<double>(observed.stats().writes_waiting); }));
    registrations_.push_back(registry.counter_callback(
        "weir_db_groups_total", "Transactions of writes that were gathered.", {},
        [&observed] { return static_cast<double>(observed.stats().groups); }));
    observed.observe_groups(
        {group_sizes(registry),
         registry.histogram("weir_db_group_duration_seconds",
                            "From a group's first statement to the end of its commit.")});
}

database_metrics::~database_metrics() { observed_->observe_groups({}); }

}  // namespace weir::inline v0::db
