// What there is in a database, read from its catalogue with the queries that anybody could make.
#pragma once

#include <string>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/db/database.hpp"
#include "weir/task/task.hpp"

#include "app/init/relation.hpp"

namespace weir::app {

// A table or view that cannot be served, and why.
struct left_out {
    std::string name;
    std::string why;
};

struct catalogue {
    std::vector<relation> relations;  // by name
    std::vector<left_out> others;
};

// Tables and views of a database, without what belongs to SQLite, to virtual tables and to Weir's
// migrations. Blocks its loop while statements are prepared: for a command, not for a service.
//
// Lifetime: the database, until it has ended.
// Errors: what a session, or a query of the catalogue, fails with.
task<result<catalogue>> read_catalogue(const db::database& database, db::session session);

}  // namespace weir::app
