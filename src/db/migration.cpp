#include "weir/db/migration.hpp"

#include <string>
#include <utility>

#include "sqlite_describe.hpp"
#include "sqlite_error.hpp"
#include "sqlite_migrations.hpp"
#include "sqlite_open.hpp"

namespace weir::inline v0::db {
namespace {

// Longer than most migrations take, which another process may just be applying.
constexpr int lock_timeout_ms = 60'000;

std::unexpected<migration_failure> fail_at_large(error why) {
    return std::unexpected{at_large(std::move(why))};
}

// Rolls back what has not been committed.
class transaction {
public:
    explicit transaction(sqlite3* handle) noexcept : handle_{handle} {}
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    ~transaction() {
        if (sqlite3_get_autocommit(handle_) == 0) (void)execute(handle_, "rollback");
    }

    // Takes the lock that all writers need.
    result<> begin() { return execute(handle_, "begin immediate"); }
    result<> commit() { return execute(handle_, "commit"); }

private:
    sqlite3* handle_;
};

// The next one that has not been applied; false where there is none.
migration_result<bool> apply_next(sqlite3* handle, std::span<const migration> wanted,
                                  const std::function<void(const migration&)>& applied) {
    transaction open{handle};
    if (auto begun = open.begin(); !begun) return fail_at_large(std::move(begun.error()));
    // Under the lock: what another process has applied meanwhile is seen.
    auto count = count_applied(handle, wanted);
    if (!count) return std::unexpected{std::move(count.error())};
    if (*count == wanted.size()) return false;
    auto done = apply_migration(handle, wanted[*count]);
    if (!done) return std::unexpected{std::move(done.error())};
    if (auto ended = open.commit(); !ended) return fail_at_large(std::move(ended.error()));
    if (applied) applied(wanted[*count]);
    return true;
}

// Rows are left behind: only what statements are prepared against. What cannot be made again by
// itself, such as the tables behind a virtual one, has been made with it.
result<> copy_schema(sqlite3* from, sqlite3* to) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(
        from,
        "select sql from sqlite_schema where sql is not null and name not like 'sqlite~_%' "
        "escape '~' order by type <> 'table', type <> 'view', rowid",
        -1, &raw, nullptr);
    const sqlite_statement rows{raw};
    if (code != SQLITE_OK) return fail(sqlite_error(from, code));
    while (sqlite3_step(raw) == SQLITE_ROW)
        (void)execute(to, reinterpret_cast<const char*>(sqlite3_column_text(raw, 0)));
    return {};
}

result<sqlite_handle> open_memory() {
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    sqlite_handle handle{raw};
    if (code != SQLITE_OK) return fail(sqlite_error(code, "open :memory:"));
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    return handle;
}

}  // namespace

migration_result<void> migrate(std::string_view url, std::span<const migration> wanted,
                               const std::function<void(const migration&)>& applied) {
    auto place = sqlite_place_of(url);
    if (!place) return fail_at_large(std::move(place.error()));
    place->create = true;
    place->busy_timeout_ms = lock_timeout_ms;
    auto handle = open_sqlite(*place, sqlite_role::writer);
    if (!handle) return fail_at_large(std::move(handle.error()));
    // Has no effect within a transaction; each script's are checked at its end.
    if (auto off = execute(handle->get(), "pragma foreign_keys=off"); !off)
        return fail_at_large(std::move(off.error()));
    while (true) {
        auto more = apply_next(handle->get(), wanted, applied);
        if (!more) return std::unexpected{std::move(more.error())};
        if (!*more) return {};
    }
}

struct migration_rehearsal::state {
    sqlite_handle memory;
    std::size_t pending = 0;
};

migration_rehearsal::migration_rehearsal(std::unique_ptr<state> state) noexcept
    : state_{std::move(state)} {}
migration_rehearsal::migration_rehearsal(migration_rehearsal&& other) noexcept = default;
migration_rehearsal& migration_rehearsal::operator=(migration_rehearsal&& other) noexcept = default;
migration_rehearsal::~migration_rehearsal() = default;

migration_result<migration_rehearsal> migration_rehearsal::run(std::string_view url,
                                                               std::span<const migration> wanted) {
    const auto place = sqlite_place_of(url);
    if (!place) return fail_at_large(place.error().clone());
    auto memory = open_memory();
    if (!memory) return fail_at_large(std::move(memory.error()));
    std::size_t applied = 0;
    auto file = open_sqlite(*place, sqlite_role::reader);
    if (file) {
        auto count = count_applied(file->get(), wanted);
        if (!count) return std::unexpected{std::move(count.error())};
        applied = *count;
        if (auto copied = copy_schema(file->get(), memory->get()); !copied)
            return fail_at_large(std::move(copied.error()));
    } else if (file.error() != errc::not_found) {
        return fail_at_large(std::move(file.error()));
    }
    for (const migration& each : wanted.subspan(applied)) {
        transaction open{memory->get()};
        if (auto begun = open.begin(); !begun) return fail_at_large(std::move(begun.error()));
        auto done = apply_migration(memory->get(), each);
        if (!done) return std::unexpected{std::move(done.error())};
        if (auto ended = open.commit(); !ended) return fail_at_large(std::move(ended.error()));
    }
    return migration_rehearsal{
        std::make_unique<state>(std::move(*memory), wanted.size() - applied)};
}

std::size_t migration_rehearsal::pending() const noexcept { return state_->pending; }

result<statement_info> migration_rehearsal::prepare_check(std::string_view sql) const {
    return describe_statement(state_->memory.get(), sql);
}

}  // namespace weir::inline v0::db
