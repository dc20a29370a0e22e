#include "sqlite_describe.hpp"

#include "statement_cache.hpp"

namespace weir::inline v0::db {

result<statement_info> describe_statement(sqlite3* handle, std::string_view sql) {
    auto prepared = prepared_statement::prepare(handle, sql);
    if (!prepared) return fail(std::move(prepared.error()));
    sqlite3_stmt* statement = prepared->handle();
    statement_info info;
    info.parameters = prepared->parameters();
    for (int column = 0; column < sqlite3_column_count(statement); ++column)
        info.columns.emplace_back(sqlite3_column_name(statement, column));
    info.readonly = sqlite3_stmt_readonly(statement) != 0;
    return info;
}

}  // namespace weir::inline v0::db
