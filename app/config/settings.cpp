#include "app/config/settings.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace weir::app {

namespace {

bool is_endpoint(std::string_view header) noexcept { return header.starts_with("[["); }

// What cannot stand in a literal string, which knows no escapes.
bool needs_escapes(char c) noexcept {
    return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') || c == '\x7f';
}

bool fits_literal(std::string_view text) {
    return text.find("'''") == std::string_view::npos && !text.ends_with('\'') &&
           std::none_of(text.begin(), text.end(), needs_escapes);
}

void append_escaped(char c, std::string& into) {
    if (c == '"' || c == '\\') {
        into += '\\';
        into += c;
    } else if (c == '\n') {
        into += "\\n";
    } else if (needs_escapes(c)) {
        into += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
        into += c;
    }
}

}  // namespace

std::string toml_text(std::string_view text) {
    if (text.find('\n') != std::string_view::npos && fits_literal(text))
        return fmt::format("'''\n{}'''", text);
    std::string quoted{'"'};
    for (const char c : text) append_escaped(c, quoted);
    return quoted += '"';
}

void settings::begin_table(std::string header, std::string prefix) {
    tables_.push_back({std::move(header), std::move(prefix), {}});
}

void settings::ask(std::string key) {
    const auto [place, is_new] = index_.emplace(std::move(key), all_.size());
    if (!is_new) return;
    tables_.back().keys.push_back(all_.size());
    all_.push_back({place->first, {}});
}

void settings::set(const std::string& key, std::string value) {
    const auto found = index_.find(key);
    if (found != index_.end()) all_[found->second].value = std::move(value);
}

std::string settings::toml() const {
    std::string text;
    for (const bool endpoints : {false, true})
        for (const table& each : tables_)
            if (is_endpoint(each.header) == endpoints) write(each, all_, text);
    return text;
}

void settings::write(const table& table, const std::vector<setting>& all, std::string& into) {
    std::string lines;
    for (const std::size_t at : table.keys) {
        const auto& [key, value] = all[at];
        if (value.empty()) continue;
        const std::string_view name{key};
        const bool below = name.starts_with(table.prefix);
        lines += name.substr(below ? table.prefix.size() : 0);
        lines += " = " + value + '\n';
    }
    if (lines.empty()) return;
    if (!into.empty()) into += '\n';
    if (!table.header.empty()) into += table.header + '\n';
    into += lines;
}

}  // namespace weir::app
