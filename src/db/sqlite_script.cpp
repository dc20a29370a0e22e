#include "sqlite_script.hpp"

#include <algorithm>

#include "sqlite_error.hpp"
#include "sqlite_handle.hpp"

namespace weir::inline v0::db {
namespace {

int refuse_transactions(void*, int action, const char*, const char*, const char*,
                        const char*) noexcept {
    return action == SQLITE_TRANSACTION ? SQLITE_DENY : SQLITE_OK;
}

class without_transactions {
public:
    explicit without_transactions(sqlite3* handle) noexcept : handle_{handle} {
        sqlite3_set_authorizer(handle_, &refuse_transactions, nullptr);
    }
    without_transactions(const without_transactions&) = delete;
    without_transactions& operator=(const without_transactions&) = delete;
    ~without_transactions() { sqlite3_set_authorizer(handle_, nullptr, nullptr); }

private:
    sqlite3* handle_;
};

// Behind blanks and comments: where the statement itself begins.
std::size_t statement_begin(std::string_view script, std::size_t at) noexcept {
    while (true) {
        at = std::min(script.find_first_not_of(" \t\r\n", at), script.size());
        std::string_view end;
        if (script.substr(at, 2) == "--") end = "\n";
        if (script.substr(at, 2) == "/*") end = "*/";
        if (end.empty()) return at;
        const std::size_t found = script.find(end, at + 2);
        if (found == std::string_view::npos) return script.size();
        at = found + end.size();
    }
}

error explained(sqlite3* handle, int code) {
    if (code == SQLITE_AUTH)
        return {errc::invalid_argument,
                "a migration is one transaction: it must not begin or end one itself"};
    return sqlite_error(code, sqlite3_errmsg(handle));
}

int step_to_end(sqlite3_stmt* statement) noexcept {
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    return code;
}

}  // namespace

std::expected<void, script_failure> run_script(sqlite3* handle, std::string_view script) {
    const without_transactions guard{handle};
    // SQLite would read up to it and no further.
    if (const auto nul = script.find('\0'); nul != std::string_view::npos)
        return std::unexpected{
            script_failure{nul, {errc::invalid_argument, "a NUL stands in the script"}}};
    std::size_t at = statement_begin(script, 0);
    while (at < script.size()) {
        sqlite3_stmt* raw = nullptr;
        const char* tail = nullptr;
        int code = sqlite3_prepare_v2(handle, script.data() + at,
                                      static_cast<int>(script.size() - at), &raw, &tail);
        const sqlite_statement statement{raw};
        if (code != SQLITE_OK) {
            const int within = std::max(sqlite3_error_offset(handle), 0);
            return std::unexpected{
                script_failure{at + static_cast<std::size_t>(within), explained(handle, code)}};
        }
        if (raw != nullptr && sqlite3_bind_parameter_count(raw) != 0)
            return std::unexpected{
                script_failure{at, {errc::invalid_argument, "a migration has no parameters"}}};
        if (raw != nullptr) code = step_to_end(raw);
        if (code != SQLITE_OK && code != SQLITE_DONE)
            return std::unexpected{script_failure{at, explained(handle, code)}};
        at = statement_begin(script, static_cast<std::size_t>(tail - script.data()));
    }
    return {};
}

}  // namespace weir::inline v0::db
