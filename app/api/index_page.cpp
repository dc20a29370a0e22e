#include "app/api/index_page.hpp"

#include <string_view>

#include <fmt/format.h>

#include "weir/io/block_writer.hpp"
#include "weir/json/writer.hpp"

#include "app/api/example_call.hpp"
#include "app/api/token_check.hpp"

namespace weir::app {

namespace {

void write_text(json::writer& json, std::string_view name, std::string_view text) {
    (void)json.name(name);
    (void)json.string(text);
}

void write_parameter(json::writer& json, const parameter& of) {
    json.begin_object();
    write_text(json, "name", of.name);
    write_text(json, "type", to_string(of.type));
    write_text(json, "from", to_string(of.from));
    (void)json.name("required");
    json.boolean(of.required);
    json.end_object();
}

void write_example(json::writer& json, const endpoint& of) {
    const example_call example{of};
    (void)json.name("example");
    json.begin_object();
    write_text(json, "method", to_string(of.method));
    write_text(json, "target", example.target);
    if (!example.body.empty()) {
        (void)json.name("body");
        json.raw(example.body);
    }
    (void)json.name("frame");
    json.raw(example.frame);
    json.end_object();
}

void write_endpoint(json::writer& json, const endpoint& of) {
    json.begin_object();
    write_text(json, "name", of.name);
    write_text(json, "method", to_string(of.method));
    write_text(json, "path", of.path);
    write_text(json, "result", to_string(of.result));
    (void)json.name("parameters");
    json.begin_array();
    for (const parameter& each : of.parameters) write_parameter(json, each);
    json.end_array();
    write_example(json, of);
    json.end_object();
}

std::string as_json(const config& read, std::span<const served_endpoint> endpoints) {
    io::block_pool blocks;
    io::block_writer body{blocks};
    json::writer json{body};
    json.begin_object();
    write_text(json, "name", read.service.name);
    (void)json.name("endpoints");
    json.begin_array();
    for (const served_endpoint& each : endpoints) write_endpoint(json, each.config);
    json.end_array();
    json.end_object();
    std::string text;
    for (auto parts = body.all_parts(); const auto part = parts.next();) text += as_text(*part);
    return text += '\n';
}

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

// For a POSIX shell, in single quotes.
std::string shell_quoted(std::string_view text) {
    std::string safe{"'"};
    for (const char c : text) {
        if (c == '\'') {
            safe += R"('\'')";
        } else {
            safe += c;
        }
    }
    return safe += '\'';
}

std::string address_of(const config& read) {
    if (!read.http.listen || read.http.listen->port == 0) return "http://ADDRESS";
    return "http://" + to_string(*read.http.listen);
}

std::string curl_line(const config& read, const endpoint& of, const example_call& example) {
    std::string line = "curl -s ";
    if (token_check{read.http.auth}.asks(of.writes()))
        line += "-H \"Authorization: Bearer $TOKEN\" ";
    if (of.writes()) line += fmt::format("-X {} ", to_string(of.method));
    if (!example.body.empty())
        line += "-H 'Content-Type: application/json' -d " + shell_quoted(example.body) + ' ';
    return line + shell_quoted(address_of(read) + example.target);
}

std::string parameter_rows(const endpoint& of) {
    std::string rows;
    for (const parameter& each : of.parameters)
        rows += fmt::format("<tr><td><code>{}</code><td>{}<td>{}<td>{}\n", escaped(each.name),
                            to_string(each.type), to_string(each.from),
                            each.required ? "required" : "");
    return rows.empty() ? rows : "<table>\n" + rows + "</table>\n";
}

std::string section_of(const config& read, const endpoint& of) {
    const example_call example{of};
    const std::string target = escaped(example.target);
    std::string section = fmt::format("<h2><code>{} {}</code></h2>\n{}", to_string(of.method),
                                      escaped(of.path), parameter_rows(of));
    if (!of.writes()) section += fmt::format("<p><a href=\"{0}\">{0}</a>\n", target);
    return section + fmt::format("<pre>{}\n{}</pre>\n", escaped(curl_line(read, of, example)),
                                 escaped(example.frame));
}

constexpr std::string_view style =
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;"
    "margin:2rem auto;padding:0 1rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}td{padding-right:"
    "1.5rem}pre{overflow-x:auto;padding:.5rem;border:1px solid #8886}";

std::string as_html(const config& read, std::span<const served_endpoint> endpoints) {
    const std::string name = escaped(read.service.name);
    std::string page = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{0}</title>\n"
        "<style>{1}</style>\n<h1>{0}</h1>\n<p>Each endpoint with an example: over HTTP, and as the "
        "JSON of a frame.\n",
        name, style);
    for (const served_endpoint& each : endpoints) page += section_of(read, each.config);
    return page + "</html>\n";
}

}  // namespace

index_page::index_page(const config& read, std::span<const served_endpoint> endpoints)
    : html{as_html(read, endpoints)}, json{as_json(read, endpoints)} {}

}  // namespace weir::app
