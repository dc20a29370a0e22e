#include "sqlite_error.hpp"

namespace weir::inline v0::db {
namespace {

int primary(int code) noexcept { return code & 0xFF; }

// Those of PostgreSQL, so that one table serves both engines.
std::string_view sqlstate_of(int code) noexcept {
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            return "23505";
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return "23503";
        case SQLITE_CONSTRAINT_NOTNULL:
            return "23502";
        case SQLITE_CONSTRAINT_CHECK:
            return "23514";
        default:
            break;
    }
    if (primary(code) == SQLITE_CONSTRAINT) return "23000";
    return primary(code) == SQLITE_READONLY ? "25006" : "";
}

errc errc_of(int code) noexcept {
    switch (primary(code)) {
        case SQLITE_CONSTRAINT:
            return errc::conflict;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return errc::overloaded;
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CANTOPEN:
        case SQLITE_PROTOCOL:
            return errc::storage;
        case SQLITE_INTERRUPT:
            return errc::canceled;
        case SQLITE_TOOBIG:
            return errc::too_large;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return errc::permission_denied;
        case SQLITE_NOMEM:
            return errc::out_of_memory;
        case SQLITE_MISUSE:
        case SQLITE_INTERNAL:
            return errc::internal;
        default:  // ERROR, MISMATCH, RANGE: what was asked cannot be
            return errc::invalid_argument;
    }
}

}  // namespace

error sqlite_error(int code, std::string text) {
    error made{errc_of(code), std::move(text)};
    const std::string_view state = sqlstate_of(code);
    if (state.empty()) return made;
    return std::move(made).with_sqlstate(state);
}

error sqlite_error(sqlite3* handle, int code) {
    std::string text{sqlite3_errmsg(handle)};
    const int offset = sqlite3_error_offset(handle);
    if (offset >= 0) text += " at offset " + std::to_string(offset);
    return sqlite_error(code, std::move(text));
}

bool breaks_connection(int code) noexcept {
    switch (primary(code)) {
        case SQLITE_IOERR:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CANTOPEN:
        case SQLITE_PROTOCOL:
        case SQLITE_MISUSE:
        case SQLITE_INTERNAL:
            return true;
        default:
            return false;
    }
}

bool spoils_transaction(int code) noexcept {
    return primary(code) == SQLITE_FULL || primary(code) == SQLITE_NOMEM || breaks_connection(code);
}

}  // namespace weir::inline v0::db
