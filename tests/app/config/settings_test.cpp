// What `weir check` prints, and that the schema for editors knows the same keys.

#include "app/config/settings.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "app/config/config_fixture.hpp"

namespace weir::app {
namespace {

config_reading reading_of(const std::string& text,
                          const environment_variables& variables = fixed({})) {
    return read_config(text, "t.toml", variables);
}

std::string effective(const std::string& text, const environment_variables& variables = fixed({})) {
    const config_reading all = reading_of(text, variables);
    EXPECT_EQ(all.found.text(), "");
    return all.effective.toml();
}

// With at least one of each table.
const std::string everything = R"toml(
database.url = "sqlite:network.db"
http.auth.tokens.ci = "${CI}"
[[endpoint]]
name = "e"
method = "POST"
path = "/e"
params.p = { type = "real", min = 0, max = 1.5, default = 1 }
sql.sqlite = """
insert into t
values (:p)"""
sql.postgresql = "select :p, '\\'"
result = "changes"
)toml";

const environment_variables with_ci = fixed({{"CI", "0123456789abcdef"}});

TEST(settings, have_every_default_in_its_place) {
    const std::string text = effective(database + one_endpoint);
    for (const char* line :
         {"[service]\nname = \"weir\"\nloops = 0\nengine = \"auto\"\nplacement = \"load\"\n\n"
          "[log]\nlevel = \"info\"\n",
          "[database]\nurl = \"sqlite:network.db\"\nreaders = 10\nacquire_timeout = \"30s\"\n",
          "[http]\nlisten = \"127.0.0.1:8080\"\npublic = false\n", "body = \"1MiB\"\n",
          "idle_timeout = \"75s\"\nuser_timeout = \"1m\"\n", "delay = \"0ms\"\n",
          "[[endpoint]]\nname = \"vendor\"\nmethod = \"GET\"\n",
          "params.prefix.type = \"text\"\nparams.prefix.from = \"path\"\n", "status = 200\n",
          "max_rows = 1000\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << "is not in\n" << text;
}

TEST(settings, mean_the_same_when_they_are_read_again) {
    for (const std::string& text : {database + one_endpoint, everything}) {
        const std::string once = effective(text, with_ci);
        // A secret is not told; in its place stands what may be read.
        std::string readable = once;
        if (const auto at = readable.find("\"***\""); at != std::string::npos)
            readable.replace(at, 5, "\"${CI}\"");
        EXPECT_EQ(effective(readable, with_ci), once);
    }
}

TEST(settings, keep_statements_as_they_are_written) {
    const std::string text = effective(everything, with_ci);
    EXPECT_NE(text.find("sql.sqlite = '''\ninsert into t\nvalues (:p)'''\n"), std::string::npos);
    EXPECT_NE(text.find("params.p.max = 1.5\n"), std::string::npos) << text;
    EXPECT_EQ(toml_text("a\"\\\t\x01"), R"("a\"\\)"
                                        "\t"
                                        R"(\u0001")");
    EXPECT_EQ(toml_text("a\n'''"), R"("a\n'''")");
}

TEST(settings, tell_no_variables_value) {
    const auto variables = fixed({{"PORT", "7777"}, {"CI", "0123456789abcdef"}});
    const std::string text =
        effective("http.listen = \"127.0.0.1:${PORT}\"\n" + everything, variables);
    EXPECT_NE(text.find("listen = \"127.0.0.1:${PORT}\""), std::string::npos) << text;
    EXPECT_EQ(text.find("7777"), std::string::npos) << text;
    EXPECT_EQ(text.find("0123456789abcdef"), std::string::npos) << text;
    EXPECT_NE(text.find("auth.tokens.ci = \"***\"\n"), std::string::npos) << text;
}

TEST(settings, tell_no_url_with_a_password) {
    const config_reading all =
        reading_of("database.url = \"postgresql://me:hunter2@host/db\"" + one_endpoint);
    EXPECT_EQ(all.effective.toml().find("hunter2"), std::string::npos);
}

// The keys of the schema with their defaults, named as the settings of an endpoint e, its parameter
// p and a token ci are.
class schema_keys {
public:
    schema_keys() : root_{parser_.load(WEIR_SOURCE_DIR "/docs/config.schema.json")} {
        walk(root_, "");
    }

    std::map<std::string, std::string> all;

private:
    using element = simdjson::dom::element;

    void walk(element at, const std::string& key) {
        std::string_view reference;
        if (at["$ref"].get(reference) == simdjson::SUCCESS) return walk(definition(reference), key);
        if (!key.empty()) all.emplace(key, value_of(at));
        simdjson::dom::object properties;
        if (at["properties"].get(properties) == simdjson::SUCCESS)
            for (const auto& [name, below] : properties)
                walk(below, key.empty() ? std::string{name} : key + '.' + std::string{name});
        element items;
        if (at["items"].get(items) == simdjson::SUCCESS && key == "endpoint")
            walk(items, key + ".e");
        element others;
        if (at["additionalProperties"].get(others) == simdjson::SUCCESS && others.is_object())
            walk(others, key + (key.ends_with("params") ? ".p" : ".ci"));
        simdjson::dom::array either;
        if (at["anyOf"].get(either) == simdjson::SUCCESS)
            for (const element each : either)
                if (each["properties"].error() == simdjson::SUCCESS) walk(each, key);
    }

    element definition(std::string_view reference) {
        const std::string name{reference.substr(reference.rfind('/') + 1)};
        return root_["$defs"][name];
    }

    static std::string value_of(element at) {
        element value;
        if (at["default"].get(value) != simdjson::SUCCESS) return {};
        return simdjson::minify(value);
    }

    simdjson::dom::parser parser_;
    element root_;
};

// Every key that the reader asks for anywhere.
config_reading asked() {
    return reading_of(
        "http.auth.tokens_file.ci = \"none\"\n"
        "frames.auth = { tokens.ci = \"${CI}\", tokens_file.ci = \"none\" }\n"
        "admin.auth = { tokens.ci = \"${CI}\", tokens_file.ci = \"none\" }\n" +
            everything,
        with_ci);
}

TEST(the_schema_for_editors, knows_the_keys_that_the_reader_knows_and_no_others) {
    const auto schema = schema_keys{}.all;
    std::set<std::string> in_schema;
    for (const auto& [key, value] : schema) in_schema.insert(key);
    std::set<std::string> known;
    const config_reading all = asked();
    for (const setting& each : all.effective.all()) known.insert(each.key);
    // The endpoint itself is an item of an array.
    known.insert("endpoint.e");
    known.insert("endpoint.e.params.p");
    EXPECT_EQ(known, in_schema);
}

TEST(the_schema_for_editors, has_the_readers_defaults) {
    const auto schema = schema_keys{}.all;
    std::string endpoint = one_endpoint;
    endpoint.replace(endpoint.find("\"vendor\""), 8, "\"e\"");
    const config_reading all = reading_of(database + endpoint);
    std::size_t compared = 0;
    for (const setting& each : all.effective.all()) {
        const auto found = schema.find(each.key);
        if (found == schema.end() || found->second.empty()) continue;
        EXPECT_EQ(each.value, found->second) << each.key;
        ++compared;
    }
    EXPECT_GE(compared, 20U);
}

}  // namespace
}  // namespace weir::app
