#include "app/config/endpoint_reader.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "weir/db/statement_text.hpp"

#include "app/config/nearest.hpp"
#include "app/config/parameter_reader.hpp"

namespace weir::app {

namespace {

constexpr std::array methods{
    choice{"GET", endpoint_method::get}, choice{"POST", endpoint_method::post},
    choice{"PUT", endpoint_method::put}, choice{"PATCH", endpoint_method::patch},
    choice{"DELETE", endpoint_method::delete_}};
constexpr std::array shapes{choice{"rows", result_shape::rows}, choice{"row", result_shape::row},
                            choice{"changes", result_shape::changes}};

// A parameter's name with - and . in it.
bool is_endpoint_name(std::string_view name) {
    std::string letters{name.substr(0, 101)};
    std::replace_if(
        letters.begin() + (name.empty() ? 0 : 1), letters.end(),
        [](char c) { return c == '-' || c == '.'; }, '_');
    return letters.size() <= 100 && is_parameter_name(letters);
}

// Who took a name or a route first, by line.
using taken = std::map<std::string, std::uint32_t>;

class endpoint_reader {
public:
    endpoint_reader(reading& reading, const toml_node& table, std::string key,
                    const endpoint_defaults& defaults)
        : reading_{reading},
          line_{table.where.line},
          defaults_{defaults},
          in_{reading, table, key} {
        into_.places.key = std::move(key);
    }

    endpoint read(taken& names, taken& routes) {
        read_name(names);
        read_route(routes);
        read_parameters();
        read_statements();
        read_answer();
        in_.finish();
        return std::move(into_);
    }

private:
    void read_name(taken& names) {
        if (in_.require("name") == nullptr || !in_.read_verbatim("name", into_.name)) return;
        if (!is_endpoint_name(into_.name))
            return in_.add("name",
                           "must be of letters, digits, _, - and ., and begin with a letter");
        if (const auto line = first_taker(names, into_.name))
            in_.add("name", "is taken by the endpoint in line " + std::to_string(*line));
    }

    std::optional<std::uint32_t> first_taker(taken& all, const std::string& what) const {
        const auto [place, is_new] = all.emplace(what, line_);
        return is_new ? std::nullopt : std::optional{place->second};
    }

    void read_route(taken& routes) {
        in_.require("method");
        into_.places.method = in_.place_of("method");
        if (in_.read_choice("method", into_.method, methods)) context_.method = into_.method;
        if (in_.require("path") == nullptr || !in_.read_verbatim("path", into_.path)) return;
        auto path = path_template::parse(into_.path);
        if (!path) return in_.add("path", path.error());
        into_.segments = std::move(*path);
        context_.path = &into_.segments;
        if (!context_.method) return;
        if (into_.method == endpoint_method::get && into_.segments.segments.empty())
            return in_.add("path", "GET / is the index of the endpoints");
        const std::string route =
            std::string{to_string(into_.method)} + ' ' + into_.segments.shape();
        if (const auto line = first_taker(routes, route))
            in_.add("path", "the endpoint in line " + std::to_string(*line) +
                                " has the same method and path");
    }

    void read_parameters() {
        const toml_node* table = in_.find("params", toml_node::kind::table);
        if (table != nullptr)
            for (const toml_entry& entry : table->entries) read_one(entry);
        for (const auto& segment : into_.segments.segments)
            if (segment.is_parameter && !has_parameter(segment.text))
                in_.add("path", "{" + segment.text + "} is not declared: params." + segment.text +
                                    " = { type = \"text\", from = \"path\" }");
    }

    void read_one(const toml_entry& entry) {
        const std::string key = in_.key_of("params");
        if (entry.value.is == toml_node::kind::table) {
            into_.parameters.push_back(read_parameter(reading_, entry, key, context_));
        } else {
            reading_.found.add(entry.value.where, key + '.' + entry.key,
                               R"(must be a table such as { type = "text", from = "query" })");
            into_.parameters.emplace_back().name = entry.key;
        }
        places_.push_back(entry.where);
    }

    bool has_parameter(std::string_view name) const noexcept {
        return std::any_of(into_.parameters.begin(), into_.parameters.end(),
                           [&](const parameter& each) { return each.name == name; });
    }

    // One statement for every engine, or one each.
    void read_statements() {
        const toml_node* sql = in_.require("sql");
        if (sql == nullptr) return;
        if (sql->is != toml_node::kind::table) return read_statement(in_, "sql", defaults_.dialect);
        section engines{reading_, *sql, in_.key_of("sql")};
        const bool sqlite = defaults_.dialect == db::dialect::sqlite;
        engines.require(sqlite ? "sqlite" : "postgresql");
        read_statement(engines, "sqlite", db::dialect::sqlite);
        read_statement(engines, "postgresql", db::dialect::postgresql);
        engines.finish();
    }

    void read_statement(section& in, std::string_view key, db::dialect dialect) {
        std::string text;
        if (!in.read_verbatim(key, text)) return;
        const auto statement = db::statement_text::parse(text, dialect);
        if (!statement) return in.add(key, statement.error().message());
        if (text.find_first_not_of(" \t\r\n;") == std::string::npos)
            return in.add(key, "has no statement in it");
        check_names(in, key, *statement);
        if (dialect != defaults_.dialect) return;
        into_.sql = std::move(text);
        into_.places.sql = in.place_of(key);
        into_.places.sql_key = in.key_of(key);
    }

    void check_names(section& in, std::string_view key, const db::statement_text& statement) {
        std::vector<std::string_view> declared;
        declared.reserve(into_.parameters.size());
        for (const parameter& each : into_.parameters) declared.push_back(each.name);
        const auto& used = statement.names();
        for (const std::string& name : used)
            if (!has_parameter(name))
                in.add(key,
                       ':' + name + " is not declared in params" + did_you_mean(name, declared));
        for (std::size_t i = 0; i < declared.size(); ++i)
            if (std::find(used.begin(), used.end(), declared[i]) == used.end())
                reading_.found.add(places_[i],
                                   in_.key_of("params") + '.' + std::string{declared[i]},
                                   in.key_of(key) + " does not use it");
    }

    void read_answer() {
        const bool shaped =
            in_.read_choice("result", into_.result, shapes) || in_.find("result") == nullptr;
        in_.read_flag("required", into_.required);
        read_status(shaped);
        read_location(shaped);
        into_.max_rows = defaults_.max_rows;
        in_.read_count("max_rows", into_.max_rows, {1, 1'000'000});
        into_.timeout = defaults_.timeout;
        in_.read_duration("timeout", into_.timeout, std::chrono::milliseconds{1});
    }

    // Those of success that say something else to a client than 200 does.
    void read_status(bool shaped) {
        std::int64_t status = into_.status;
        if (!in_.read_integer("status", status)) return;
        if (status != 200 && status != 201 && status != 202 && status != 204)
            return in_.add("status", "must be 200, 201, 202 or 204");
        if (status == 204 && shaped && into_.result != result_shape::changes)
            return in_.add("status", "204 has no body: it goes with result = \"changes\" only");
        into_.status = static_cast<std::uint16_t>(status);
    }

    void read_location(bool shaped) {
        into_.places.location = in_.place_of("location");
        if (!in_.read_verbatim("location", into_.location)) return;
        const auto names = names_in_location(into_.location);
        if (!names) return in_.add("location", names.error());
        if (shaped && into_.result != result_shape::row)
            in_.add("location", "is made from the row that comes back: it needs result = \"row\"");
    }

    reading& reading_;
    std::uint32_t line_;
    const endpoint_defaults& defaults_;
    section in_;
    parameter_context context_;
    std::vector<place> places_;  // of the parameters
    endpoint into_;
};

// "endpoint.vendor" where it has a name to go by, "endpoint[2]" where not.
std::string key_of(const toml_node& table, std::size_t index) {
    for (const toml_entry& entry : table.entries)
        if (entry.key == "name" && entry.value.is == toml_node::kind::text &&
            is_endpoint_name(entry.value.text))
            return "endpoint." + entry.value.text;
    return "endpoint[" + std::to_string(index + 1) + ']';
}

}  // namespace

std::vector<endpoint> read_endpoints(reading& reading, const toml_node& array,
                                     const endpoint_defaults& defaults) {
    std::vector<endpoint> endpoints;
    taken names;
    taken routes;
    for (std::size_t i = 0; i < array.items.size(); ++i) {
        const toml_node& item = array.items[i];
        const std::string key = key_of(item, i);
        reading.effective.begin_table("[[endpoint]]", key + '.');
        if (item.is == toml_node::kind::table)
            endpoints.push_back(endpoint_reader{reading, item, key, defaults}.read(names, routes));
        else
            reading.found.add(item.where, key, "must be a table: write [[endpoint]]");
    }
    return endpoints;
}

}  // namespace weir::app
