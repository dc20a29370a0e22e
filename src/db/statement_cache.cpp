#include "statement_cache.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "weir/db/params.hpp"
#include "weir/db/statement_text.hpp"

#include "sqlite_error.hpp"

namespace weir::inline v0::db {
namespace {

bool is_select(sqlite3_stmt* statement, std::string_view text) noexcept {
    const auto begins = [&](std::string_view word) {
        return sqlite3_strnicmp(text.data(), word.data(), static_cast<int>(word.size())) == 0;
    };
    return sqlite3_stmt_readonly(statement) != 0 && (begins("select") || begins("with"));
}

}  // namespace

result<prepared_statement> prepared_statement::prepare(sqlite3* handle, std::string_view sql) {
    auto lexed = statement_text::parse(sql, dialect::sqlite);
    if (!lexed) return fail(std::move(lexed.error()));
    if (lexed->names().size() > params::capacity)
        return fail(errc::too_large, "the statement has more parameters than a query takes");
    prepared_statement made;
    made.text_ = lexed->for_driver();
    made.parameters_ = lexed->names();
    sqlite3_stmt* raw = nullptr;
    const int code =
        sqlite3_prepare_v3(handle, made.text_.c_str(), static_cast<int>(made.text_.size()) + 1,
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    made.statement_.reset(raw);
    if (code != SQLITE_OK) return fail(sqlite_error(handle, code));
    if (raw == nullptr) return fail(errc::invalid_argument, "the statement is empty");
    made.selects_ = is_select(raw, made.text_);
    return made;
}

statement_cache::statement_cache(std::size_t limit, std::atomic<std::uint64_t>& prepared)
    : limit_{std::max<std::size_t>(limit, 1)}, prepared_{&prepared} {
    statements_.reserve(limit_);
}

result<prepared_statement*> statement_cache::find_or_prepare(sqlite3* handle,
                                                             std::string_view sql) {
    const std::size_t hash = std::hash<std::string_view>{}(sql);
    prepared_statement* found = find(sql, hash);
    if (found == nullptr) {
        auto made = prepared_statement::prepare(handle, sql);
        if (!made) return fail(std::move(made.error()));
        made->hash_ = hash;
        prepared_->fetch_add(1, std::memory_order_relaxed);
        found = &keep(std::move(*made));
        found->used_ = ++clock_;
    }
    return found;
}

prepared_statement* statement_cache::find(std::string_view sql) noexcept {
    return find(sql, std::hash<std::string_view>{}(sql));
}

prepared_statement* statement_cache::find(std::string_view sql, std::size_t hash) noexcept {
    for (prepared_statement& each : statements_) {
        if (each.hash_ != hash || each.text_ != sql) continue;
        each.used_ = ++clock_;
        return &each;
    }
    return nullptr;
}

prepared_statement& statement_cache::keep(prepared_statement made) {
    if (statements_.size() < limit_) return statements_.emplace_back(std::move(made));
    const auto oldest = std::min_element(
        statements_.begin(), statements_.end(),
        [](const auto& left, const auto& right) { return left.used_ < right.used_; });
    return *oldest = std::move(made);
}

}  // namespace weir::inline v0::db
