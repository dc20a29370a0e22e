// One table of a configuration, read key by key.
//
// Whatever is asked for is thereby known; finish() names what is left over. Every reading tells
// true where the key was there and right, and leaves `into` as it was otherwise, so that defaults
// stand in the structs and nowhere else; what is in effect afterwards is noted in the settings. An
// empty text is no setting. Problems are noted, not thrown: the reader goes on.
#pragma once

#include <array>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/clock.hpp"

#include "app/config/environment.hpp"
#include "app/config/problems.hpp"
#include "app/config/settings.hpp"
#include "app/config/toml_tree.hpp"

namespace weir::app {

// What a reading of one document shares. Outlives every section.
struct reading {
    problems& found;
    problems& advice;  // what is allowed, and not wise
    settings& effective;
    const environment_variables& variables;
    std::filesystem::path folder;  // where relative names begin
};

// From least to most, both included.
template <class T>
struct interval {
    T least = std::numeric_limits<T>::lowest();
    T most = std::numeric_limits<T>::max();
};

template <class Enum>
struct choice {
    std::string_view name;
    Enum value;
};

class section {
public:
    // `table` is a table and outlives the section; `key` is its dotted name, empty for the root.
    section(reading& reading, const toml_node& table, std::string key);

    // The value of a key, or null; the key is known from then on.
    const toml_node* find(std::string_view key);
    // Likewise, with a problem where the key is missing or its value is of another kind.
    const toml_node* find(std::string_view key, toml_node::kind kind);
    const toml_node* require(std::string_view key);

    // ${NAME} expanded.
    bool read_text(std::string_view key, std::string& into);
    // As it stands: SQL and patterns have a $ of their own.
    bool read_verbatim(std::string_view key, std::string& into);
    bool read_texts(std::string_view key, std::vector<std::string>& into);
    bool read_flag(std::string_view key, bool& into);
    bool read_integer(std::string_view key, std::int64_t& into, interval<std::int64_t> range = {});
    bool read_count(std::string_view key, std::size_t& into, interval<std::int64_t> range);
    // An integer is a real number, too.
    bool read_real(std::string_view key, double& into);
    bool read_duration(std::string_view key, duration& into, duration least);
    // An integer of bytes, or a text with a unit.
    bool read_size(std::string_view key, std::size_t& into, interval<std::int64_t> range);
    template <class Enum, std::size_t Count>
    bool read_choice(std::string_view key, Enum& into, const std::array<choice<Enum>, Count>& all);

    // In place of a value that must not be told.
    void conceal(std::string_view key);

    // A problem with a key's value, or with its absence; an empty key means the table itself.
    void add(std::string_view key, std::string message);
    // The value as it stands in the file, in quotes, for messages: never expanded.
    std::string written(std::string_view key) const;
    std::string key_of(std::string_view key) const;
    // Of a key's value, or of the table where the key is not there.
    place place_of(std::string_view key) const;
    // So far, anywhere in the document.
    std::size_t problems_found() const noexcept { return reading_.found.size(); }

    // A problem for every key that nobody asked for.
    void finish();

private:
    const toml_entry* entry(std::string_view key) const noexcept;
    // A text of the file stands for itself, anything else as `value` says.
    void note(std::string_view key, std::string value);
    void note_text(std::string_view key, std::string_view value);
    // The index of the text among the names, or their count and a problem.
    std::size_t choose(std::string_view key, const std::vector<std::string_view>& names);

    reading& reading_;
    const toml_node& table_;
    std::string key_;
    std::vector<std::string_view> known_;
};

template <class Enum, std::size_t Count>
bool section::read_choice(std::string_view key, Enum& into,
                          const std::array<choice<Enum>, Count>& all) {
    std::vector<std::string_view> names;
    std::string_view in_effect;
    for (const choice<Enum>& each : all) {
        names.push_back(each.name);
        if (each.value == into) in_effect = each.name;
    }
    if (find(key) == nullptr) {
        note_text(key, in_effect);
        return false;
    }
    const std::size_t index = choose(key, names);
    if (index == Count) return false;
    into = all[index].value;
    return true;
}

}  // namespace weir::app
