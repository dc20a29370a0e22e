// What SQLite says about a statement that it has not run.
#pragma once

#include <string_view>

#include <sqlite3.h>

#include "weir/base/result.hpp"
#include "weir/db/statement_info.hpp"

namespace weir::inline v0::db {

// Errors: as database::prepare_check().
result<statement_info> describe_statement(sqlite3* handle, std::string_view sql);

}  // namespace weir::inline v0::db
