#include "app/init/examples.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "weir/task/or_return.hpp"

#include "app/init/names.hpp"

namespace weir::app {

namespace {

// So many are looked at for one that can be shown, and that is no longer than this.
constexpr std::size_t most_rows = 5;
constexpr std::size_t longest_value = 60;

bool is_readable(std::string_view text) noexcept {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    };
    return !text.empty() && text.size() <= longest_value && text != "." && text != ".." &&
           std::none_of(text.begin(), text.end(), is_control);
}

parameter_value text_of(const db::value& value) {
    if (value.type() == db::value_type::integer) return std::to_string(value.as_integer());
    if (value.type() != db::value_type::text || !value.valid_utf8()) return {};
    return is_readable(value.as_text()) ? parameter_value{std::string{value.as_text()}}
                                        : parameter_value{};
}

parameter_value real_of(const db::value& value) {
    const bool number =
        value.type() == db::value_type::real || value.type() == db::value_type::integer;
    return number && std::isfinite(value.as_real()) ? parameter_value{value.as_real()}
                                                    : parameter_value{};
}

parameter_type type_of(const db::value& value) noexcept {
    switch (value.type()) {
        case db::value_type::integer:
            return parameter_type::integer;
        case db::value_type::real:
            return parameter_type::real;
        case db::value_type::text:
            return parameter_type::text;
        case db::value_type::null:
        case db::value_type::blob:
            return parameter_type::blob;
    }
    return parameter_type::blob;
}

// What is not NULL and not empty, in the order of an index.
std::string sample_of(const relation& of, std::span<const column> columns) {
    std::string names;
    std::string conditions;
    for (const column& each : columns) {
        const std::string name = quoted_identifier(each.name);
        names += (names.empty() ? "" : ", ") + name;
        conditions += (conditions.empty() ? "" : " and ") + name + " <> ''";
    }
    return "select " + names + " from " + quoted_identifier(of.name) + " where " + conditions +
           " order by " + names;
}

// Examples from one row, all or none.
bool take_examples(const db::row& from, std::span<column> into) {
    std::vector<parameter_value> found;
    found.reserve(into.size());
    for (std::size_t at = 0; at < into.size(); ++at)
        found.push_back(example_of(from[at], into[at].type));
    const auto is_none = [](const parameter_value& each) { return each.index() == 0; };
    if (std::any_of(found.begin(), found.end(), is_none)) return false;
    for (std::size_t at = 0; at < into.size(); ++at) into[at].example = std::move(found[at]);
    return true;
}

void take_examples(const db::rows& from, std::span<column> into) {
    if (from.empty()) return;
    for (std::size_t at = 0; at < into.size(); ++at)
        if (into[at].affinity == affinity::blob) into[at].type = type_of(from[0][at]);
    for (const db::row row : from)
        if (take_examples(row, into)) return;
}

}  // namespace

parameter_value example_of(const db::value& value, parameter_type type) {
    switch (type) {
        case parameter_type::text:
            return text_of(value);
        case parameter_type::integer:
            if (value.type() == db::value_type::integer) return value.as_integer();
            return {};
        case parameter_type::real:
            return real_of(value);
        case parameter_type::boolean:
        case parameter_type::blob:
            return {};
    }
    return {};
}

task<result<relation>> with_examples(db::session& session, relation of) {
    const db::params none;
    const db::query_options few{most_rows};
    if (!of.key.empty()) {
        const std::string sql = sample_of(of, of.key);
        const auto rows = co_await or_return(session.query(sql, none, few));
        take_examples(rows, of.key);
    }
    for (indexed_column& each : of.indexed) {
        const std::span<column> one{&each.of, 1};
        const std::string sql = sample_of(of, one);
        const auto rows = co_await or_return(session.query(sql, none, few));
        take_examples(rows, one);
    }
    co_return of;
}

}  // namespace weir::app
