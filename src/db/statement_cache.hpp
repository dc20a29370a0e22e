// The prepared statements of one connection, found by their text; bounded, and the least recently
// used makes room. Belongs to whoever runs a query on the connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"

#include "sqlite_handle.hpp"
#include "statement_pace.hpp"

namespace weir::inline v0::db {

class prepared_statement {
public:
    sqlite3_stmt* handle() const noexcept { return statement_.get(); }
    const std::string& text() const noexcept { return text_; }
    // Without colon; SQLite's parameter i + 1 is parameters()[i].
    const std::vector<std::string>& parameters() const noexcept { return parameters_; }
    statement_pace& pace() noexcept { return pace_; }
    // Whether it may run on a loop: of all that SQLite takes for reading, only a question to
    // tables.
    bool quick() const noexcept { return selects_ && pace_.quick(); }

    // Errors: invalid_argument with what the lexer or SQLite found, and where; too_large for more
    // parameters than params holds.
    static result<prepared_statement> prepare(sqlite3* handle, std::string_view sql);

private:
    friend class statement_cache;

    std::string text_;
    std::size_t hash_ = 0;
    std::uint64_t used_ = 0;
    std::vector<std::string> parameters_;
    bool selects_ = false;
    statement_pace pace_;
    sqlite_statement statement_;
};

class statement_cache {
public:
    // prepared counts, for all caches that share it.
    statement_cache(std::size_t limit, std::atomic<std::uint64_t>& prepared);

    // Stays until as many others have been asked for as the cache holds. Errors: as prepare().
    result<prepared_statement*> find_or_prepare(sqlite3* handle, std::string_view sql);
    // Null where it is not prepared.
    prepared_statement* find(std::string_view sql) noexcept;

private:
    prepared_statement* find(std::string_view sql, std::size_t hash) noexcept;
    prepared_statement& keep(prepared_statement made);

    std::size_t limit_;
    std::uint64_t clock_ = 0;
    std::atomic<std::uint64_t>* prepared_;
    std::vector<prepared_statement> statements_;
};

}  // namespace weir::inline v0::db
