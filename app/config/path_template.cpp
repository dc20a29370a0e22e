#include "app/config/path_template.hpp"

#include <algorithm>

namespace weir::app {

namespace {

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// pchar of RFC 3986 section 3.3, without percent-encoding: a path is matched decoded, so that an
// escape in the pattern would mean two things.
bool in_segment(char c) noexcept {
    return is_letter(c) || is_digit(c) ||
           std::string_view{"-.~!$&'()*+,;=:@"}.find(c) != std::string_view::npos;
}

std::expected<path_template::segment, std::string> parse_segment(std::string_view text) {
    if (text.empty()) return std::unexpected{"has an empty segment"};
    if (text == "." || text == "..") return std::unexpected{"has a segment . or .."};
    if (text.front() == '{' && text.back() == '}') {
        const std::string_view name = text.substr(1, text.size() - 2);
        if (is_parameter_name(name)) return path_template::segment{std::string{name}, true};
        return std::unexpected{"has braces without a parameter's name in them"};
    }
    if (text.find_first_of("{}") != std::string_view::npos)
        return std::unexpected{"has a {name} that is not a whole segment"};
    if (!std::all_of(text.begin(), text.end(), in_segment))
        return std::unexpected{"has a character that a path cannot have, or an escape"};
    return path_template::segment{std::string{text}, false};
}

}  // namespace

bool is_parameter_name(std::string_view name) noexcept {
    return !name.empty() && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return is_letter(c) || is_digit(c); });
}

std::expected<path_template, std::string> path_template::parse(std::string_view text) {
    if (!text.starts_with('/')) return std::unexpected{"must begin with /"};
    path_template path;
    text.remove_prefix(1);
    while (!text.empty()) {
        const std::size_t slash = text.find('/');
        auto segment = parse_segment(text.substr(0, slash));
        if (!segment) return std::unexpected{std::move(segment.error())};
        if (segment->is_parameter && path.has(segment->text))
            return std::unexpected{"has {" + segment->text + "} twice"};
        path.segments.push_back(std::move(*segment));
        if (slash == std::string_view::npos) return path;
        text.remove_prefix(slash + 1);
        if (text.empty()) return std::unexpected{"ends with /"};
    }
    return path;
}

bool path_template::has(std::string_view parameter) const noexcept {
    return std::any_of(segments.begin(), segments.end(), [&](const segment& each) {
        return each.is_parameter && each.text == parameter;
    });
}

std::string path_template::shape() const {
    std::string shape;
    for (const segment& each : segments) shape += each.is_parameter ? "/{}" : "/" + each.text;
    return shape.empty() ? "/" : shape;
}

std::expected<std::vector<std::string>, std::string> names_in_location(std::string_view text) {
    if (!text.starts_with('/')) return std::unexpected{"must begin with /"};
    // What goes into a header field.
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!plain) return std::unexpected{"has a blank, or a character that is not ASCII"};
    if (text.find("${") != std::string_view::npos)
        return std::unexpected{"has a ${, which is not expanded here"};
    std::vector<std::string> names;
    while (true) {
        const std::size_t brace = text.find_first_of("{}");
        if (brace == std::string_view::npos) return names;
        const std::size_t end = text.find('}', brace);
        const bool whole = text[brace] == '{' && end != std::string_view::npos;
        const std::string_view name =
            whole ? text.substr(brace + 1, end - brace - 1) : std::string_view{};
        if (!is_parameter_name(name))
            return std::unexpected{"has braces without a column's name in them"};
        names.emplace_back(name);
        text.remove_prefix(end + 1);
    }
}

}  // namespace weir::app
