// What only the database can find wrong with a configuration: its statements are prepared, and
// compared with what their endpoints promise.
#pragma once

#include <vector>

#include "weir/base/result.hpp"
#include "weir/db/database.hpp"
#include "weir/db/migration.hpp"

#include "app/config/config.hpp"
#include "app/data/served_endpoint.hpp"

namespace weir::app {

enum class database_access : std::uint8_t { look, serve };

// What the configuration means in the database's own options.
db::database_options database_options_of(const config& read, database_access access);

// Blocks. Serving puts the file into WAL mode where an
// endpoint writes; looking changes nothing.
result<db::database> open_database(const config& read, io::blocking_pool& threads,
                                   database_access access);

// Blocks. The endpoints that have no problem, ready to be served; the others' are noted.
std::vector<served_endpoint> check_endpoints(const config& read, const db::database& database,
                                             problems& found);
// Against what the migrations would make; with a problem more where they are not enough because
// there is no database to begin with.
void check_endpoints(const config& read, const db::migration_rehearsal& tried, problems& found);

}  // namespace weir::app
