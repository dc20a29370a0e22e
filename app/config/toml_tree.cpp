#include "app/config/toml_tree.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace weir::app {

namespace {

place place_of(const toml::source_region& region) noexcept {
    return {static_cast<std::uint32_t>(region.begin.line),
            static_cast<std::uint32_t>(region.begin.column)};
}

toml_node node_of(const toml::node& source);

std::vector<toml_entry> entries_of(const toml::table& table) {
    std::vector<toml_entry> entries;
    for (const auto& [key, value] : table)
        entries.push_back({std::string{key.str()}, place_of(key.source()), node_of(value)});
    // The library keeps them by name.
    std::sort(entries.begin(), entries.end(), [](const auto& left, const auto& right) {
        return std::tie(left.where.line, left.where.column) <
               std::tie(right.where.line, right.where.column);
    });
    return entries;
}

toml_node node_of(const toml::node& source) {
    using kind = toml_node::kind;
    toml_node node;
    node.where = place_of(source.source());
    if (const auto* table = source.as_table()) {
        node.entries = entries_of(*table);
    } else if (const auto* array = source.as_array()) {
        node.is = kind::array;
        for (const toml::node& item : *array) node.items.push_back(node_of(item));
    } else if (const auto* text = source.as_string()) {
        node.is = kind::text;
        node.text = text->get();
    } else if (const auto* integer = source.as_integer()) {
        node.is = kind::integer;
        node.integer = integer->get();
    } else if (const auto* real = source.as_floating_point()) {
        node.is = kind::real;
        node.real = real->get();
    } else if (const auto* boolean = source.as_boolean()) {
        node.is = kind::boolean;
        node.boolean = boolean->get();
    } else {
        node.is = kind::date;
    }
    return node;
}

}  // namespace

std::string_view to_string(toml_node::kind kind) noexcept {
    switch (kind) {
        case toml_node::kind::text:
            return "a text";
        case toml_node::kind::integer:
            return "an integer";
        case toml_node::kind::real:
            return "a real number";
        case toml_node::kind::boolean:
            return "true or false";
        case toml_node::kind::date:
            return "a date or time";
        case toml_node::kind::array:
            return "an array";
        case toml_node::kind::table:
            return "a table";
    }
    return "something else";
}

std::optional<toml_node> read_toml(std::string_view text, problems& found) {
    const toml::parse_result parsed = toml::parse(text);
    if (parsed) return node_of(parsed.table());
    found.add(place_of(parsed.error().source()), "", std::string{parsed.error().description()});
    return std::nullopt;
}

}  // namespace weir::app
