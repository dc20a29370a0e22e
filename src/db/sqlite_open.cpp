#include "sqlite_open.hpp"

#include <cerrno>

#include "resident_reads.hpp"
#include "sqlite_error.hpp"

namespace weir::inline v0::db {
namespace {

error at_path(const sqlite_place& place, error why) {
    std::string text{"database "};
    text += place.path;
    return error{why.code(), std::move(text)}.because(std::move(why));
}

// SQLite's own text for a file that cannot be opened leaves out why.
error open_failure(sqlite3* handle, int code) {
    if ((code & 0xFF) != SQLITE_CANTOPEN || handle == nullptr) {
        return handle == nullptr ? error{errc::out_of_memory} : sqlite_error(handle, code);
    }
    switch (const int number = sqlite3_system_errno(handle)) {
        case 0:
            return sqlite_error(handle, code);
        case ENOENT:
            return error{errc::not_found, "no such file"};
        case EACCES:
        case EPERM:
        case EROFS:
            return error{errc::permission_denied, "permission denied"};
        default:
            return error::from_errno(number, "open");
    }
}

result<> execute(sqlite3* handle, const char* sql) {
    const int code = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(sqlite_error(handle, code));
    return {};
}

int keep_text(void* to, int columns, char** values, char**) {
    if (columns > 0 && values[0] != nullptr) *static_cast<std::string*>(to) = values[0];
    return 0;
}

// SQLite itself must not wait here: whoever else enters it at the same time holds what this one
// needs, and the other way round, until one of them gives up and tries again.
int try_wal_mode(sqlite3* handle, int patience_ms, std::string& mode) {
    constexpr int pause_ms = 2;
    for (int waited_ms = 0;; waited_ms += sqlite3_sleep(pause_ms)) {
        const int code = sqlite3_exec(handle, "pragma journal_mode=wal", keep_text, &mode, nullptr);
        if ((code & 0xFF) != SQLITE_BUSY || waited_ms >= patience_ms) return code;
    }
}

result<> enter_wal(sqlite3* handle, int patience_ms) {
    std::string mode;
    sqlite3_busy_timeout(handle, 0);
    const int code = try_wal_mode(handle, patience_ms, mode);
    sqlite3_busy_timeout(handle, patience_ms);
    if (code != SQLITE_OK) return fail(sqlite_error(handle, code));
    if (mode != "wal")
        return fail(errc::unsupported, "it cannot be put into WAL mode, only into " + mode);
    // The log is written back, in pages of it, by the commit that finds it so long: two syncs more.
    // By SQLite's own 1,000, one group of writes in a hundred was such a one, and its rows were the
    // 99th percentile.
    return execute(handle,
                   "pragma synchronous=full; pragma foreign_keys=on;"
                   " pragma wal_autocheckpoint=4000");
}

void configure(sqlite3* handle, const sqlite_place& place) noexcept {
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, place.busy_timeout_ms);
    // SQL cannot damage the file, and a misspelt "column" is an error and no string.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
}

// Reads the schema, which is where a file that is no database shows.
result<> settle(sqlite3* handle, sqlite_role role, int patience_ms) {
    if (auto read = execute(handle, "select count(*) from sqlite_schema"); !read) return read;
    if (role == sqlite_role::writer) return enter_wal(handle, patience_ms);
    // A page that is mapped would be waited for wherever it is touched.
    return execute(handle, "pragma query_only=on; pragma mmap_size=0");
}

int open_flags(const sqlite_place& place, sqlite_role role) noexcept {
    constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (role == sqlite_role::reader) return common | SQLITE_OPEN_READONLY;
    return common | SQLITE_OPEN_READWRITE | (place.create ? SQLITE_OPEN_CREATE : 0);
}

std::unexpected<error> refuse_url(errc code, std::string_view url, std::string_view why) {
    std::string text{"database url '"};
    text += url;
    text += "' ";
    text += why;
    return fail(code, std::move(text));
}

}  // namespace

result<sqlite_place> sqlite_place_of(std::string_view url) {
    constexpr std::string_view scheme = "sqlite:";
    if (!url.starts_with(scheme))
        return refuse_url(errc::unsupported, url, "does not begin with sqlite:");
    const std::string_view path = url.substr(scheme.size());
    if (path.empty() || path.find('\0') != std::string_view::npos)
        return refuse_url(errc::invalid_argument, url, "names no file");
    // Each connection would have a database of its own.
    if (path.starts_with(':')) return refuse_url(errc::unsupported, url, "is not that of a file");
    sqlite_place place;
    place.path = path;
    return place;
}

result<sqlite_handle> open_sqlite(const sqlite_place& place, sqlite_role role) {
    sqlite3* raw = nullptr;
    const char* vfs = role == sqlite_role::reader ? resident_reads::vfs_name() : nullptr;
    const int code = sqlite3_open_v2(place.path.c_str(), &raw, open_flags(place, role), vfs);
    sqlite_handle handle{raw};
    if (code != SQLITE_OK) return fail(at_path(place, open_failure(raw, code)));
    configure(raw, place);
    // Where it may not be written to, SQLite opens it for reading after all.
    if (role == sqlite_role::writer && sqlite3_db_readonly(raw, "main") != 0)
        return fail(at_path(place, error{errc::permission_denied, "it is not writable"}));
    if (auto settled = settle(raw, role, place.busy_timeout_ms); !settled)
        return fail(at_path(place, std::move(settled.error())));
    return handle;
}

}  // namespace weir::inline v0::db
