#include "app/data/arguments.hpp"

#include <charconv>
#include <string>
#include <system_error>
#include <vector>

#include "weir/base/utf8.hpp"

#include "app/config/nearest.hpp"
#include "app/data/base64.hpp"

namespace weir::app {

namespace {

std::string_view wanted(parameter_type type) noexcept {
    switch (type) {
        case parameter_type::text:
            return "must be a text";
        case parameter_type::integer:
            return "must be an integer";
        case parameter_type::real:
            return "must be a number";
        case parameter_type::boolean:
            return "must be true or false";
        case parameter_type::blob:
            return "must be base64";
    }
    return "";
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [stopped, wrong] = std::from_chars(text.data(), end, number);
    if (wrong != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

std::optional<bool> parse_flag(std::string_view text) noexcept {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
}

// Engines have no type for it.
db::value flag(bool value) noexcept { return std::int64_t{value ? 1 : 0}; }

db::value fallback_of(const parameter& which) noexcept {
    const parameter_value& fallback = which.fallback;
    if (const auto* text = std::get_if<std::string>(&fallback)) return *text;
    if (const auto* integer = std::get_if<std::int64_t>(&fallback)) return *integer;
    if (const auto* real = std::get_if<double>(&fallback)) return *real;
    if (const auto* boolean = std::get_if<bool>(&fallback)) return flag(*boolean);
    return nullptr;
}

}  // namespace

result<> arguments::add(std::string_view name, parameter_source from, std::string_view written) {
    const std::size_t at = find(name);
    if (at == nowhere) return fail(unknown(name));
    if (endpoint_->parameters[at].from != from) return fail(misplaced(at));
    if (auto mine = claim(at); !mine) return mine;
    return keep_written(at, written);
}

result<> arguments::add(std::string_view name, const json::value& value) {
    const std::size_t at = find(name);
    if (at == nowhere) return fail(unknown(name));
    if (auto mine = claim(at); !mine) return mine;
    return keep_json(at, value);
}

result<> arguments::add_from_body(std::string_view name, const json::value& value) {
    const std::size_t at = find(name);
    if (at != nowhere && endpoint_->parameters[at].from != parameter_source::body)
        return fail(misplaced(at));
    return add(name, value);
}

result<> arguments::check() const {
    for (std::size_t at = 0; at < endpoint_->parameters.size(); ++at)
        if (endpoint_->parameters[at].required && !has_value(at))
            return fail(refuse(at, "is missing"));
    return {};
}

db::params arguments::bind() const {
    db::params bound;
    for (std::size_t at = 0; at < endpoint_->parameters.size(); ++at) {
        const parameter& each = endpoint_->parameters[at];
        bound.add(each.name, has_value(at) ? values_[at] : fallback_of(each));
    }
    return bound;
}

std::size_t arguments::find(std::string_view name) const noexcept {
    for (std::size_t at = 0; at < endpoint_->parameters.size(); ++at)
        if (endpoint_->parameters[at].name == name) return at;
    return nowhere;
}

result<> arguments::claim(std::size_t at) {
    if (given(at)) return fail(refuse(at, "is given twice"));
    given_ |= std::uint32_t{1} << at;
    return {};
}

result<> arguments::keep(std::size_t at, db::value value, const refusal& why_not) {
    if (why_not) return fail(refuse(at, *why_not));
    values_[at] = value;
    return {};
}

result<> arguments::keep_text(std::size_t at, std::string_view text) {
    if (!is_utf8(text)) return fail(refuse(at, "must be UTF-8"));
    // Engines disagree about where such a text ends.
    if (text.find('\0') != std::string_view::npos) return fail(refuse(at, "must not contain NUL"));
    return keep(at, text, endpoint_->parameters[at].check(text));
}

result<> arguments::keep_blob(std::size_t at, std::string_view text) {
    const auto decoded = base64_decode(text, memory_->take(text.size() / 4 * 3));
    if (!decoded) return fail(refuse(at, wanted(parameter_type::blob)));
    return keep(at, as_bytes(*decoded), endpoint_->parameters[at].check(*decoded));
}

result<> arguments::keep_written(std::size_t at, std::string_view text) {
    const parameter& which = endpoint_->parameters[at];
    switch (which.type) {
        case parameter_type::text:
            return keep_text(at, text);
        case parameter_type::blob:
            return keep_blob(at, text);
        case parameter_type::integer:
            if (const auto number = parse_number<std::int64_t>(text))
                return keep(at, *number, which.check(*number));
            break;
        case parameter_type::real:
            if (const auto number = parse_number<double>(text))
                return keep(at, *number, which.check(*number));
            break;
        case parameter_type::boolean:
            if (const auto value = parse_flag(text)) return keep(at, flag(*value), std::nullopt);
            break;
    }
    return fail(refuse(at, wanted(which.type)));
}

// From a text of JSON; the same words as in a path or a query.
bool arguments::takes_written(std::size_t at) const noexcept {
    return endpoint_->parameters[at].type == parameter_type::integer &&
           integers_ == integer_style::string;
}

result<> arguments::keep_json(std::size_t at, const json::value& value) {
    using kind = json::value::kind;
    const parameter& which = endpoint_->parameters[at];
    const bool number = value.is == kind::integer || value.is == kind::real;
    if (value.is == kind::null) return {};
    if (which.type == parameter_type::text && value.is == kind::text)
        return keep_text(at, memory_->copy(value.text));
    if (which.type == parameter_type::blob && value.is == kind::text)
        return keep_blob(at, value.text);
    if (which.type == parameter_type::integer && value.is == kind::integer)
        return keep(at, value.integer, which.check(value.integer));
    if (takes_written(at) && value.is == kind::text) return keep_written(at, value.text);
    if (which.type == parameter_type::real && number) {
        const double real =
            value.is == kind::real ? value.real : static_cast<double>(value.integer);
        return keep(at, real, which.check(real));
    }
    if (which.type == parameter_type::boolean && value.is == kind::boolean)
        return keep(at, flag(value.boolean), std::nullopt);
    return fail(refuse(at, wanted(which.type)));
}

error arguments::unknown(std::string_view name) const {
    constexpr std::size_t most_shown = 100;
    std::vector<std::string_view> names;
    names.reserve(endpoint_->parameters.size());
    for (const parameter& each : endpoint_->parameters) names.push_back(each.name);
    std::string text = "there is no parameter ";
    text += name.size() <= most_shown && is_utf8(name) ? name : "of that name";
    return {errc::invalid_argument, text + did_you_mean(name, names)};
}

error arguments::misplaced(std::size_t at) const {
    return refuse(at, "comes from the " + std::string{to_string(endpoint_->parameters[at].from)});
}

error arguments::refuse(std::size_t at, std::string_view why) const {
    std::string text = endpoint_->parameters[at].name;
    text += ' ';
    text += why;
    return {errc::invalid_argument, std::move(text)};
}

}  // namespace weir::app
