// A database's numbers for a metrics registry, read when somebody looks.
//
// Lifetime: the registry and the database outlive it.
#pragma once

#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/db/database.hpp"
#include "weir/metrics/registry.hpp"

namespace weir::inline v0::db {

class WEIR_API database_metrics {
public:
    // Registers weir_db_connections{role, state}, weir_db_waiting{role},
    // weir_db_statements_prepared_total, weir_db_loop_queries_total,
    // weir_db_lock_keeping_turns_total, and of groups of writes weir_db_writes_waiting,
    // weir_db_groups_total, weir_db_group_statements and weir_db_group_duration_seconds. One
    // database for each registry.
    database_metrics(metrics::registry& registry, const database& observed);
    database_metrics(const database_metrics&) = delete;
    database_metrics& operator=(const database_metrics&) = delete;
    ~database_metrics();

private:
    const database* observed_;
    std::vector<metrics::callback_registration> registrations_;
};

}  // namespace weir::inline v0::db
