// Rows as JSON, straight into the body that is being written.
//
// NULL is null, a blob its base64. A text that is not UTF-8 spoils its row and no other: in the
// row's place stands {"error": ...}.
#pragma once

#include "weir/db/rows.hpp"
#include "weir/json/writer.hpp"

#include "app/config/config.hpp"
#include "app/config/endpoint.hpp"

namespace weir::app {

// The first column whose text is not UTF-8, or the row's size.
std::size_t first_not_utf8(const db::row& row);

class result_writer {
public:
    // Lifetime: json outlives it.
    result_writer(json::writer& json, integer_style integers) noexcept
        : json_{&json}, integers_{integers} {}

    // Into an object that is open: "rows" and, where some were left out, "truncated"; or "row"; or
    // "changes". Throws std::bad_alloc.
    void members(const endpoint& of, const db::rows& rows);
    // A value: the first row, or null where there is none. Throws std::bad_alloc.
    void first_row(const db::rows& rows);

private:
    void row(const db::rows& rows, const db::row& row);
    void value(const db::value& value);
    void integer(std::int64_t number);
    void spoilt(std::string_view column);

    json::writer* json_;
    integer_style integers_;
};

}  // namespace weir::app
