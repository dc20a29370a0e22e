// The lexer beside SQLite's own: what SQLite would bind in a statement that it prepares is exactly
// what the lexer names, or else the lexer refuses the statement. No false refusals either.

#include <array>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "weir/db/statement_text.hpp"

namespace weir::inline v0::db {
namespace {

using names = std::vector<std::string>;

class sqlite {
public:
    sqlite() {
        sqlite3_open(":memory:", &database_);
        sqlite3_exec(database_, "create table a (b, c)", nullptr, nullptr, nullptr);
    }
    ~sqlite() { sqlite3_close(database_); }
    sqlite(const sqlite&) = delete;

    struct prepared {
        bool accepted = false;
        bool whole = false;  // nothing stands behind the statement
        names parameters;    // as written, colon included; empty for a bare ?
    };

    prepared prepare(const std::string& text) const {
        sqlite3_stmt* statement = nullptr;
        const char* tail = nullptr;
        const int size = static_cast<int>(text.size()) + 1;
        prepared result;
        if (sqlite3_prepare_v2(database_, text.c_str(), size, &statement, &tail) != SQLITE_OK)
            return result;
        result.accepted = statement != nullptr;
        result.whole = *tail == '\0';
        for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
            const char* name = sqlite3_bind_parameter_name(statement, i);
            result.parameters.emplace_back(name ? name : "");
        }
        sqlite3_finalize(statement);
        return result;
    }

private:
    sqlite3* database_ = nullptr;
};

constexpr std::array<std::string_view, 43> pieces = {
    ":a", ":bb", ":a1", "'",   "''", "\"", "`",        "[",       "]",     "--",     "\n",
    "/*", "*/",  "/",   "*",   "-",  ":",  "::",       "?",       "?1",    "@x",     "$x",
    "#1", "(",   ")",   ",",   "1",  "1e", "a",        "x'00'",   " ",     ";",      "\xc3\xa9",
    "$",  "_",   "+",   "1.5", "||", "0",  " from a ", " where ", "limit", "select "};

std::string random_statement(std::mt19937& random) {
    std::string text = "select ";
    for (auto left = 1 + random() % 9; left > 0; --left) {
        text += pieces[random() % pieces.size()];
        if (random() % 3 == 0) text += ",";
    }
    while (text.back() == ',') text.pop_back();
    return text;
}

names with_colons(const statement_text& statement) {
    names written;
    for (const std::string& name : statement.names()) written.push_back(":" + name);
    return written;
}

TEST(statement_text, names_what_sqlite_would_bind) {
    const sqlite database;
    std::mt19937 random{7};
    int bound = 0;
    for (int round = 0; round < 400'000; ++round) {
        const std::string text = random_statement(random);
        const auto prepared = database.prepare(text);
        if (!prepared.accepted) continue;
        const auto statement = statement_text::parse(text, dialect::sqlite);
        if (statement) {
            ASSERT_EQ(with_colons(*statement), prepared.parameters) << text;
            bound += prepared.parameters.empty() ? 0 : 1;
        } else if (prepared.whole && prepared.parameters.empty()) {
            // SQLite closes a last comment by itself; every other such statement is fine.
            ASSERT_TRUE(statement.error().text().starts_with("a comment is not closed")) << text;
        }
    }
    EXPECT_GT(bound, 500) << "the statements have grown too wild to say anything";
}

}  // namespace
}  // namespace weir::inline v0::db
