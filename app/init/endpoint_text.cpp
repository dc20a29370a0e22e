#include "app/init/endpoint_text.hpp"

#include <vector>

#include <fmt/format.h>

#include "app/config/settings.hpp"
#include "app/init/config_string.hpp"
#include "app/init/names.hpp"

namespace weir::app {

namespace {

std::string toml_value(const parameter_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return config_string(*text);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:#}", *real);
    return {};
}

struct named_column {
    column of;
    std::string parameter;
};

class endpoint_writer {
public:
    endpoint_writer(const relation& of, const std::string& slug) : of_{of}, slug_{slug} {}

    std::string all() {
        write_list();
        if (!of_.key.empty()) write_get();
        unique_names slugs{'-'};
        for (const indexed_column& each : of_.indexed)
            write_by(each, slugs.take(app::slug(each.of.name, "column")));
        return std::move(text_);
    }

private:
    bool by_key() const noexcept { return of_.key.size() == 1; }

    void write_list() {
        begin("list", "");
        write_page();
        write_sql({}, true);
        text_ += "result = \"rows\"\n";
    }

    void write_get() {
        const auto key = named(of_.key);
        begin("get", path_of(key));
        write_parameters(key);
        write_sql(key, false);
        text_ += "result = \"row\"\nrequired = true\n";
    }

    void write_by(const indexed_column& which, const std::string& slug) {
        const auto one = named({which.of});
        begin("by-" + slug, "/by-" + slug + path_of(one));
        write_parameters(one);
        if (!which.unique) write_page();
        write_sql(one, !which.unique);
        text_ += which.unique ? "result = \"row\"\nrequired = true\n" : "result = \"rows\"\n";
    }

    void begin(const std::string& name, const std::string& path) {
        text_ +=
            fmt::format("\n[[endpoint]]\nname = \"{}.{}\"\nmethod = \"GET\"\npath = \"/{}{}\"\n",
                        slug_, name, slug_, path);
    }

    void write_parameters(const std::vector<named_column>& columns) {
        for (const auto& [of, parameter] : columns) {
            const std::string example = toml_value(of.example);
            text_ +=
                fmt::format("params.{} = {{ type = \"{}\", from = \"path\"{}{} }}\n", parameter,
                            to_string(of.type), example.empty() ? "" : ", example = ", example);
        }
    }

    void write_page() {
        text_ += "params.limit = { type = \"integer\", default = 100, min = 1, max = 1000 }\n";
        if (by_key())
            text_ += fmt::format("params.after = {{ type = \"{}\", required = false }}\n",
                                 to_string(of_.key[0].type));
        else
            text_ += "params.offset = { type = \"integer\", default = 0, min = 0 }\n";
    }

    void write_sql(const std::vector<named_column>& wanted, bool page) {
        std::vector<std::string> conditions;
        conditions.reserve(wanted.size() + 2);
        for (const auto& [of, parameter] : wanted)
            conditions.push_back(fmt::format("{} = :{}", quoted_identifier(of.name), parameter));
        if (page && by_key()) {
            // The first half is what an index can use.
            const std::string key = quoted_identifier(of_.key[0].name);
            conditions.push_back(
                fmt::format("{} >= coalesce(:after, {})", key, least_value(of_.key[0].affinity)));
            conditions.push_back(fmt::format("(:after is null or {} > :after)", key));
        }
        std::string sql = "select " + listed() + "\nfrom " + quoted_identifier(of_.name);
        for (std::size_t at = 0; at < conditions.size(); ++at)
            sql += (at == 0 ? "\nwhere " : "\n  and ") + conditions[at];
        if (page && !of_.key.empty()) sql += "\norder by " + key_names();
        if (page) sql += by_key() ? "\nlimit :limit" : "\nlimit :limit offset :offset";
        text_ += "sql = " + toml_text(sql) + '\n';
    }

    // What an answer holds; wrapped where it is long.
    std::string listed() const {
        std::string names = of_.by_row_number ? row_number() : std::string{};
        std::size_t line = names.size() + 7;
        for (const std::string& each : of_.columns) {
            const std::string next = quoted_identifier(each);
            if (!names.empty()) {
                const bool fits = line + next.size() < 90;
                names += fits ? ", " : ",\n    ";
                line = fits ? line + 2 : 4;
            }
            names += next;
            line += next.size();
        }
        return names;
    }

    // By whatever name it is asked for, SQLite calls it "rowid", which may be a column's.
    std::string row_number() const {
        const std::string name = quoted_identifier(of_.key[0].name);
        return of_.key[0].name == "rowid" ? name : name + " as " + name;
    }

    std::string key_names() const {
        std::string names;
        for (const column& each : of_.key)
            names += (names.empty() ? "" : ", ") + quoted_identifier(each.name);
        return names;
    }

    static std::string path_of(const std::vector<named_column>& columns) {
        std::string path;
        for (const named_column& each : columns) path += "/{" + each.parameter + '}';
        return path;
    }

    // The page's own parameters stand beside them.
    static std::vector<named_column> named(const std::vector<column>& columns) {
        unique_names names{'_'};
        for (const char* taken : {"limit", "after", "offset"}) names.take(taken);
        std::vector<named_column> all;
        all.reserve(columns.size());
        for (const column& each : columns)
            all.push_back({each, names.take(parameter_name(each.name))});
        return all;
    }

    const relation& of_;
    const std::string& slug_;
    std::string text_;
};

}  // namespace

std::string endpoints_text(const relation& of, const std::string& slug) {
    return endpoint_writer{of, slug}.all();
}

}  // namespace weir::app
