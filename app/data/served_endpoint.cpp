#include "app/data/served_endpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "weir/http/percent.hpp"

namespace weir::app {

namespace {

template <class Number>
void append_number(Number number, std::string& into) {
    std::array<char, 32> room;
    const auto end = std::to_chars(room.data(), room.data() + room.size(), number).ptr;
    http::append_percent_encoded({room.data(), end}, into);
}

bool append_value(const db::value& value, std::string& into) {
    switch (value.type()) {
        case db::value_type::integer:
            append_number(value.as_integer(), into);
            return true;
        case db::value_type::real:
            append_number(value.as_real(), into);
            return true;
        case db::value_type::text:
            http::append_percent_encoded(value.as_text(), into);
            return true;
        case db::value_type::null:
        case db::value_type::blob:
            return false;
    }
    return false;
}

std::size_t find_column(const db::rows& rows, std::string_view name) noexcept {
    std::size_t at = 0;
    while (at < rows.columns() && rows.column_name(at) != name) ++at;
    return at;
}

}  // namespace

location_template::location_template(std::string_view text) {
    while (!text.empty()) {
        const bool is_column = text.front() == '{';
        if (is_column) text.remove_prefix(1);
        const std::size_t end = std::min(text.find(is_column ? '}' : '{'), text.size());
        pieces_.push_back({std::string{text.substr(0, end)}, is_column});
        text.remove_prefix(std::min(end + (is_column ? 1 : 0), text.size()));
    }
}

std::vector<std::string_view> location_template::names() const {
    std::vector<std::string_view> names;
    for (const piece& each : pieces_)
        if (each.is_column) names.push_back(each.text);
    return names;
}

result<> location_template::expand(const db::rows& rows, std::string& into) const {
    for (const piece& each : pieces_) {
        if (!each.is_column) {
            into += each.text;
            continue;
        }
        const std::size_t column = find_column(rows, each.text);
        if (column == rows.columns() || !append_value(rows[0][column], into))
            return fail(errc::internal, "the location's " + each.text + " is not in the row");
    }
    return {};
}

}  // namespace weir::app
