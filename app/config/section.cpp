#include "app/config/section.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/config/nearest.hpp"
#include "app/config/units.hpp"

namespace weir::app {

namespace {

std::string between(interval<std::int64_t> range) {
    const bool bounded = range.most != std::numeric_limits<std::int64_t>::max();
    const std::string least = std::to_string(range.least);
    return bounded ? "between " + least + " and " + std::to_string(range.most)
                   : "at least " + least;
}

std::string listed(const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view name : names) {
        if (!list.empty()) list += name == names.back() ? " or " : ", ";
        list += '"' + std::string{name} + '"';
    }
    return list;
}

}  // namespace

section::section(reading& reading, const toml_node& table, std::string key)
    : reading_{reading}, table_{table}, key_{std::move(key)} {}

const toml_node* section::find(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
        known_.push_back(key);
        reading_.effective.ask(key_of(key));
    }
    const toml_entry* found = entry(key);
    return found ? &found->value : nullptr;
}

const toml_node* section::find(std::string_view key, toml_node::kind kind) {
    const toml_node* value = find(key);
    if (value == nullptr || value->is == kind) return value;
    add(key,
        "must be " + std::string{to_string(kind)} + ", not " + std::string{to_string(value->is)});
    return nullptr;
}

const toml_node* section::require(std::string_view key) {
    const toml_node* value = find(key);
    if (value == nullptr) add(key, "is missing");
    return value;
}

bool section::read_text(std::string_view key, std::string& into) {
    const toml_node* value = find(key, toml_node::kind::text);
    note_text(key, into);
    if (value == nullptr) return false;
    auto expanded = expand(value->text, reading_.variables);
    if (!expanded) {
        add(key, std::move(expanded.error()));
        return false;
    }
    into = std::move(*expanded);
    return true;
}

bool section::read_verbatim(std::string_view key, std::string& into) {
    const toml_node* value = find(key, toml_node::kind::text);
    note_text(key, into);
    if (value == nullptr) return false;
    into = value->text;
    return true;
}

bool section::read_texts(std::string_view key, std::vector<std::string>& into) {
    const toml_node* array = find(key, toml_node::kind::array);
    if (array == nullptr) return false;
    std::vector<std::string> texts;
    std::string written;
    for (const toml_node& each : array->items) {
        auto text = each.is == toml_node::kind::text ? expand(each.text, reading_.variables)
                                                     : std::unexpected{"must be an array of texts"};
        if (!text) {
            reading_.found.add(each.where, key_of(key), std::move(text.error()));
            return false;
        }
        texts.push_back(std::move(*text));
        written += (written.empty() ? "" : ", ") + toml_text(each.text);
    }
    note(key, '[' + written + ']');
    into = std::move(texts);
    return true;
}

bool section::read_flag(std::string_view key, bool& into) {
    const toml_node* value = find(key, toml_node::kind::boolean);
    if (value != nullptr) into = value->boolean;
    note(key, into ? "true" : "false");
    return value != nullptr;
}

bool section::read_integer(std::string_view key, std::int64_t& into, interval<std::int64_t> range) {
    const toml_node* value = find(key, toml_node::kind::integer);
    note(key, std::to_string(value != nullptr ? value->integer : into));
    if (value == nullptr) return false;
    if (value->integer < range.least || value->integer > range.most) {
        add(key, "must be " + between(range));
        return false;
    }
    into = value->integer;
    return true;
}

bool section::read_count(std::string_view key, std::size_t& into, interval<std::int64_t> range) {
    auto number = static_cast<std::int64_t>(into);
    if (!read_integer(key, number, range)) return false;
    into = static_cast<std::size_t>(number);
    return true;
}

bool section::read_real(std::string_view key, double& into) {
    const toml_node* value = find(key);
    if (value == nullptr) return false;
    if (value->is == toml_node::kind::integer) {
        into = static_cast<double>(value->integer);
        note(key, std::to_string(value->integer));
        return true;
    }
    if (find(key, toml_node::kind::real) == nullptr) return false;
    if (!std::isfinite(value->real)) {
        add(key, "must be finite");
        return false;
    }
    into = value->real;
    note(key, fmt::format("{:#}", into));
    return true;
}

bool section::read_duration(std::string_view key, duration& into, duration least) {
    const toml_node* value = find(key);
    note_text(key, to_string(into));
    if (value == nullptr) return false;
    std::optional<duration> length;
    if (std::string text; value->is == toml_node::kind::text) {
        if (!read_text(key, text)) return false;
        length = parse_duration(text);
    }
    if (!length) {
        add(key, R"(must be a duration of at most 24 h such as "500ms", "30s" or "10m")");
        return false;
    }
    if (*length < least) {
        add(key, "must be at least " + to_string(least));
        return false;
    }
    into = *length;
    return true;
}

bool section::read_size(std::string_view key, std::size_t& into, interval<std::int64_t> range) {
    const toml_node* value = find(key);
    note_text(key, size_text(into));
    if (value == nullptr) return false;
    if (value->is == toml_node::kind::integer) return read_count(key, into, range);
    std::optional<std::uint64_t> size;
    if (std::string text; value->is == toml_node::kind::text) {
        if (!read_text(key, text)) return false;
        size = parse_size(text);
    }
    if (!size) {
        add(key, R"(must be a number of bytes, or a text such as "64KiB" or "1MiB")");
        return false;
    }
    if (std::cmp_less(*size, range.least) || std::cmp_greater(*size, range.most)) {
        add(key, "must be " + between(range) + " bytes");
        return false;
    }
    into = static_cast<std::size_t>(*size);
    return true;
}

std::size_t section::choose(std::string_view key, const std::vector<std::string_view>& names) {
    std::string text;
    if (!read_text(key, text)) return names.size();
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) {
        // Nothing is guessed from a value out of the environment: the guess would tell about it.
        const bool literal = text == find(key)->text;
        add(key, "must be " + listed(names) + (literal ? did_you_mean(text, names) : ""));
    }
    return static_cast<std::size_t>(found - names.begin());
}

void section::conceal(std::string_view key) { note(key, R"("***")"); }

void section::note(std::string_view key, std::string value) {
    reading_.effective.set(key_of(key), std::move(value));
}

void section::note_text(std::string_view key, std::string_view value) {
    const toml_entry* found = entry(key);
    if (found != nullptr) return note(key, toml_text(found->value.text));
    if (!value.empty()) note(key, toml_text(value));
}

void section::add(std::string_view key, std::string message) {
    reading_.found.add(place_of(key), key_of(key), std::move(message));
}

place section::place_of(std::string_view key) const {
    const toml_entry* found = entry(key);
    return found ? found->value.where : table_.where;
}

std::string section::written(std::string_view key) const {
    const toml_entry* found = entry(key);
    return found ? '"' + found->value.text + '"' : std::string{};
}

std::string section::key_of(std::string_view key) const {
    if (key_.empty() || key.empty()) return key_ + std::string{key};
    return key_ + '.' + std::string{key};
}

void section::finish() {
    for (const toml_entry& each : table_.entries) {
        if (std::find(known_.begin(), known_.end(), each.key) != known_.end()) continue;
        reading_.found.add(each.where, key_of(each.key),
                           "there is no such key" + did_you_mean(each.key, known_));
    }
}

const toml_entry* section::entry(std::string_view key) const noexcept {
    for (const toml_entry& each : table_.entries)
        if (each.key == key) return &each;
    return nullptr;
}

}  // namespace weir::app
