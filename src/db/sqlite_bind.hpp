// Binds a query's parameters to its statement.
#pragma once

#include "weir/base/result.hpp"
#include "weir/db/params.hpp"

#include "statement_cache.hpp"

namespace weir::inline v0::db {

// Every parameter of the statement, and nothing else, must be in bound. Texts and blobs are bound
// as views: they must live until the bindings are cleared. Errors: invalid_argument, with the
// parameter's name; too_large.
result<> bind_params(sqlite3* handle, const prepared_statement& statement, const params& bound);

}  // namespace weir::inline v0::db
