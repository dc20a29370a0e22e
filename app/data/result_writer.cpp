#include "app/data/result_writer.hpp"

#include <array>
#include <charconv>

namespace weir::app {

namespace {

// What a double, and so JavaScript, holds exactly.
constexpr std::int64_t largest_exact = std::int64_t{1} << 53U;

}  // namespace

std::size_t first_not_utf8(const db::row& row) {
    std::size_t at = 0;
    while (at < row.size() && row[at].valid_utf8()) ++at;
    return at;
}

void result_writer::members(const endpoint& of, const db::rows& rows) {
    switch (of.result) {
        case result_shape::rows:
            (void)json_->name("rows");
            json_->begin_array();
            for (const db::row each : rows) row(rows, each);
            json_->end_array();
            if (!rows.truncated()) return;
            (void)json_->name("truncated");
            return json_->boolean(true);
        case result_shape::row:
            (void)json_->name("row");
            return first_row(rows);
        case result_shape::changes:
            (void)json_->name("changes");
            return json_->integer(rows.changes());
    }
}

void result_writer::first_row(const db::rows& rows) {
    if (rows.empty()) return json_->null();
    row(rows, rows[0]);
}

void result_writer::row(const db::rows& rows, const db::row& row) {
    if (const std::size_t bad = first_not_utf8(row); bad < row.size())
        return spoilt(rows.column_name(bad));
    json_->begin_object();
    for (std::size_t column = 0; column < row.size(); ++column) {
        (void)json_->name(rows.column_name(column));
        value(row[column]);
    }
    json_->end_object();
}

void result_writer::value(const db::value& value) {
    switch (value.type()) {
        case db::value_type::null:
            return json_->null();
        case db::value_type::integer:
            return integer(value.as_integer());
        case db::value_type::real:
            return json_->number(value.as_real());
        case db::value_type::text:
            return (void)json_->string(value.as_text());
        case db::value_type::blob:
            return json_->base64(value.as_blob());
    }
}

void result_writer::integer(std::int64_t number) {
    const bool exact = number <= largest_exact && number >= -largest_exact;
    if (exact || integers_ == integer_style::number) return json_->integer(number);
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    (void)json_->string({digits.data(), end});
}

void result_writer::spoilt(std::string_view column) {
    json_->begin_object();
    (void)json_->name("error");
    json_->begin_object();
    (void)json_->name("code");
    (void)json_->string("malformed");
    (void)json_->name("title");
    (void)json_->string("The row holds a text that is not UTF-8");
    (void)json_->name("column");
    (void)json_->string(column);
    json_->end_object();
    json_->end_object();
}

}  // namespace weir::app
