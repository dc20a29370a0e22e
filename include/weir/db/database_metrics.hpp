// A database's numbers for a metrics registry, read when somebody looks.
//
// Lifetime: the registry and the database outlive it.
#pragma once

#include <vector>

#include "weir/db/database.hpp"
#include "weir/metrics/registry.hpp"

namespace weir::db {

class database_metrics {
public:
    // Registers weir_db_connections{role, state}, weir_db_waiting{role} and
    // weir_db_statements_prepared_total. One database for each registry.
    database_metrics(metrics::registry& registry, const database& observed);

private:
    std::vector<metrics::callback_registration> registrations_;
};

}  // namespace weir::db
