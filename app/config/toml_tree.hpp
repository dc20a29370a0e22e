// A TOML document as plain values with their places.
//
// Stands between the TOML library, whose headers cost seconds to compile, and everything that reads
// a configuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/problems.hpp"

namespace weir::app {

struct toml_entry;

struct toml_node {
    enum class kind : std::uint8_t { text, integer, real, boolean, date, array, table };

    kind is = kind::table;
    place where;
    std::string text;
    std::int64_t integer = 0;
    double real = 0;
    bool boolean = false;
    std::vector<toml_node> items;     // of an array
    std::vector<toml_entry> entries;  // of a table, in the file's order
};

struct toml_entry {
    std::string key;
    place where;  // of the key
    toml_node value;
};

// "a text", "an integer", ...
std::string_view to_string(toml_node::kind kind) noexcept;

// The document's table, or nothing and one problem: a syntax error hides what is behind it.
std::optional<toml_node> read_toml(std::string_view text, problems& found);

}  // namespace weir::app
