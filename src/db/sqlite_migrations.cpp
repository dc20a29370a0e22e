#include "sqlite_migrations.hpp"

#include <algorithm>
#include <utility>

#include "sqlite_error.hpp"
#include "sqlite_handle.hpp"
#include "sqlite_script.hpp"

namespace weir::inline v0::db {
namespace {

constexpr char create_table[] = R"(
create table if not exists weir_migration (
    number     integer primary key,
    name       text not null,
    sql        text not null,
    applied_at text not null
) strict)";

std::string_view text_of(sqlite3_stmt* row, int column) noexcept {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    return text == nullptr ? std::string_view{} : std::string_view{text, size};
}

migration_failure blame(const migration& on, std::optional<std::size_t> offset, error why) {
    return {on.number, on.name, offset, std::move(why)};
}

result<sqlite_statement> prepare(sqlite3* handle, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(handle, sql, -1, &raw, nullptr);
    if (code != SQLITE_OK) return fail(sqlite_error(handle, code));
    return sqlite_statement{raw};
}

result<bool> has_table(sqlite3* handle) {
    auto found = prepare(handle, "select 1 from sqlite_schema where name = 'weir_migration'");
    if (!found) return fail(std::move(found.error()));
    return sqlite3_step(found->get()) == SQLITE_ROW;
}

// Of an applied one, which is a row of number, name, text and time.
std::optional<migration_failure> difference(sqlite3_stmt* row, std::span<const migration> wanted) {
    const auto number = static_cast<std::uint32_t>(sqlite3_column_int64(row, 0));
    const std::string when = ", which was applied at " + std::string{text_of(row, 3)} + ',';
    if (number == 0 || number > wanted.size()) {
        const std::string name{text_of(row, 1)};
        return migration_failure{
            number, name, {}, {errc::conflict, "migration " + name + when + " is missing"}};
    }
    const migration& same = wanted[number - 1];
    const std::string_view before = text_of(row, 2);
    if (before == same.sql) return std::nullopt;
    const auto [here, there] =
        std::mismatch(same.sql.begin(), same.sql.end(), before.begin(), before.end());
    return blame(same, static_cast<std::size_t>(here - same.sql.begin()),
                 {errc::conflict, "migration " + same.name + when +
                                      " has been edited since: put it back, and write another"});
}

result<> check_foreign_keys(sqlite3* handle) {
    auto broken = prepare(handle, "pragma foreign_key_check");
    if (!broken) return fail(std::move(broken.error()));
    if (sqlite3_step(broken->get()) != SQLITE_ROW) return {};
    return fail(errc::conflict, "it leaves rows in " + std::string{text_of(broken->get(), 0)} +
                                    " whose foreign key points nowhere");
}

result<> record(sqlite3* handle, const migration& applied) {
    auto insert = prepare(handle,
                          "insert into weir_migration (number, name, sql, applied_at) values "
                          "(?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
    if (!insert) return fail(std::move(insert.error()));
    sqlite3_stmt* statement = insert->get();
    const auto bind = [&](int at, const std::string& text) {
        sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    };
    sqlite3_bind_int64(statement, 1, applied.number);
    bind(2, applied.name);
    bind(3, applied.sql);
    const int code = sqlite3_step(statement);
    if (code != SQLITE_DONE) return fail(sqlite_error(handle, code));
    return {};
}

}  // namespace

migration_failure at_large(error why) { return {0, {}, {}, std::move(why)}; }

result<> execute(sqlite3* handle, const char* sql) {
    const int code = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(sqlite_error(handle, code));
    return {};
}

migration_result<std::size_t> count_applied(sqlite3* handle, std::span<const migration> wanted) {
    const auto begun = has_table(handle);
    if (!begun) return std::unexpected{at_large(begun.error().clone())};
    if (!*begun) return 0;
    auto rows = prepare(handle,
                        "select number, name, sql, applied_at from weir_migration "
                        "order by number");
    if (!rows) return std::unexpected{at_large(std::move(rows.error()))};
    std::size_t count = 0;
    int code = sqlite3_step(rows->get());
    for (; code == SQLITE_ROW; code = sqlite3_step(rows->get())) {
        if (auto wrong = difference(rows->get(), wanted)) return std::unexpected{std::move(*wrong)};
        ++count;
    }
    if (code != SQLITE_DONE) return std::unexpected{at_large(sqlite_error(handle, code))};
    return count;
}

migration_result<void> apply_migration(sqlite3* handle, const migration& wanted) {
    if (auto ran = run_script(handle, wanted.sql); !ran)
        return std::unexpected{blame(wanted, ran.error().offset, std::move(ran.error().why))};
    if (auto whole = check_foreign_keys(handle); !whole)
        return std::unexpected{blame(wanted, {}, std::move(whole.error()))};
    if (auto made = execute(handle, create_table); !made)
        return std::unexpected{at_large(std::move(made.error()))};
    if (auto noted = record(handle, wanted); !noted)
        return std::unexpected{at_large(std::move(noted.error()))};
    return {};
}

}  // namespace weir::inline v0::db
