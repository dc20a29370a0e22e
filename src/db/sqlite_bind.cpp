#include "sqlite_bind.hpp"

#include <algorithm>

#include "sqlite_error.hpp"

namespace weir::inline v0::db {
namespace {

// A null pointer would bind NULL.
constexpr const char* empty = "";

int bind_text(sqlite3_stmt* statement, int index, std::string_view text) noexcept {
    const char* data = text.empty() ? empty : text.data();
    return sqlite3_bind_text64(statement, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

int bind_blob(sqlite3_stmt* statement, int index, bytes_view blob) noexcept {
    const void* data = blob.empty() ? static_cast<const void*>(empty) : blob.data();
    return sqlite3_bind_blob64(statement, index, data, blob.size(), SQLITE_STATIC);
}

int bind_value(sqlite3_stmt* statement, int index, const value& bound) {
    switch (bound.type()) {
        case value_type::null:
            return sqlite3_bind_null(statement, index);
        case value_type::integer:
            return sqlite3_bind_int64(statement, index, bound.as_integer());
        case value_type::real:
            return sqlite3_bind_double(statement, index, bound.as_real());
        case value_type::text:
            return bind_text(statement, index, bound.as_text());
        case value_type::blob:
            return bind_blob(statement, index, bound.as_blob());
    }
    return SQLITE_MISMATCH;
}

std::unexpected<error> refuse(std::string_view what, std::string_view name) {
    std::string text{what};
    text += " ':";
    text += name;
    text += '\'';
    return fail(errc::invalid_argument, std::move(text));
}

std::unexpected<error> refuse_unknown(const prepared_statement& statement, const params& bound) {
    const auto& names = statement.parameters();
    for (const param& each : bound.items()) {
        if (std::find(names.begin(), names.end(), each.name()) == names.end())
            return refuse("the statement has no parameter", each.name());
    }
    return fail(errc::internal);
}

}  // namespace

result<> bind_params(sqlite3* handle, const prepared_statement& statement, const params& bound) {
    int index = 0;
    for (const std::string& name : statement.parameters()) {
        const value* given = bound.find(name);
        if (given == nullptr) return refuse("there is no value for the parameter", name);
        const int code = bind_value(statement.handle(), ++index, *given);
        if (code != SQLITE_OK) return fail(sqlite_error(handle, code));
    }
    // Each name is there once on both sides, so that the counts tell.
    if (bound.size() > statement.parameters().size()) return refuse_unknown(statement, bound);
    return {};
}

}  // namespace weir::inline v0::db
