#include "app/api/example_call.hpp"

#include <functional>
#include <optional>

#include "weir/http/percent.hpp"
#include "weir/io/block_writer.hpp"
#include "weir/json/writer.hpp"

namespace weir::app {

namespace {

parameter_value some_value(const parameter& of) {
    switch (of.type) {
        case parameter_type::text:
            return of.name;
        case parameter_type::integer:
            return of.integers.min.value_or(1);
        case parameter_type::real:
            return of.reals.min.value_or(1);
        case parameter_type::boolean:
            return true;
        case parameter_type::blob:
            return "AAEC";
    }
    return {};
}

bool has(const parameter_value& value) noexcept { return value.index() != 0; }

// Nothing where the parameter is left out.
std::optional<parameter_value> value_for(const parameter& of) {
    if (has(of.example)) return of.example;
    if (!of.required) return std::nullopt;
    return some_value(of);
}

void write_value(const parameter_value& value, json::writer& json) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        (void)json.string(*text);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        json.integer(*integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
        json.number(*real);
    } else if (const auto* boolean = std::get_if<bool>(&value)) {
        json.boolean(*boolean);
    } else {
        json.null();
    }
}

std::string json_text(const std::function<void(json::writer&)>& write) {
    io::block_pool blocks;
    std::string text;
    io::block_writer body{blocks};
    json::writer json{body};
    write(json);
    for (auto parts = body.all_parts(); const auto part = parts.next();) text += as_text(*part);
    return text;
}

// As a path or a query has it: JSON without its quotes.
std::string written(const parameter_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return json_text([&](json::writer& json) { write_value(value, json); });
}

// Those that come from there, or all.
void write_members(const endpoint& of, std::optional<parameter_source> from, json::writer& json) {
    json.begin_object();
    for (const parameter& each : of.parameters) {
        const auto value = value_for(each);
        if (!value || (from && each.from != *from)) continue;
        (void)json.name(each.name);
        write_value(*value, json);
    }
    json.end_object();
}

std::string target_of(const endpoint& of) {
    std::string target;
    for (const auto& segment : of.segments.segments) {
        target += '/';
        if (!segment.is_parameter) target += segment.text;
        for (const parameter& each : of.parameters)
            if (segment.is_parameter && each.name == segment.text)
                http::append_percent_encoded(written(*value_for(each)), target);
    }
    if (target.empty()) target = '/';
    char separator = '?';
    for (const parameter& each : of.parameters) {
        const auto value = value_for(each);
        if (each.from != parameter_source::query || !value) continue;
        target += separator;
        http::append_percent_encoded(each.name, target);
        target += '=';
        http::append_percent_encoded(written(*value), target);
        separator = '&';
    }
    return target;
}

}  // namespace

example_call::example_call(const endpoint& of) : target{target_of(of)} {
    if (of.writes() && of.method != endpoint_method::delete_)
        body =
            json_text([&](json::writer& json) { write_members(of, parameter_source::body, json); });
    frame = json_text([&](json::writer& json) {
        json.begin_object();
        (void)json.name("id");
        json.integer(1);
        (void)json.name("call");
        (void)json.string(of.name);
        (void)json.name("params");
        write_members(of, std::nullopt, json);
        json.end_object();
    });
}

}  // namespace weir::app
