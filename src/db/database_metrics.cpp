#include "weir/db/database_metrics.hpp"

#include <utility>

namespace weir::db {
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

}  // namespace

database_metrics::database_metrics(registry& registry, const database& observed) {
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
}

}  // namespace weir::db
