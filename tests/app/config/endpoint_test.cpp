// The [[endpoint]] tables: each rule of theirs.

#include <limits>
#include <tuple>

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

// The endpoint begins in line 3: its keys stand in lines 4 to 8, an added one in line 9.
std::string problems_when(const std::string& key, const std::string& line) {
    return problems_of(database + endpoint_with(key, line));
}

endpoint endpoint_when(const std::string& key, const std::string& line) {
    return config_of(database + endpoint_with(key, line)).endpoints.at(0);
}

// A POST with one parameter x, whose table begins at 7:12.
std::string posting(const std::string& table) {
    return database +
           "[[endpoint]]\nname = \"e\"\nmethod = \"POST\"\npath = \"/e\"\nsql = \"select :x\"\n"
           "params.x = " +
           table;
}

std::string problems_of_x(const std::string& table) { return problems_of(posting(table)); }

parameter x(const std::string& table) {
    return config_of(posting(table)).endpoints.at(0).parameters.at(0);
}

TEST(config_endpoint, takes_every_key) {
    const endpoint one = config_of(database + R"(
[[endpoint]]
name = "sighting_add"
method = "POST"
path = "/at/{place}/sightings"
params.place = { type = "text", from = "path", max_length = 9, pattern = "[a-z]+" }
params.weight = { type = "real", from = "query", min = 0, max = 1.5, default = 1 }
params.count = { type = "integer", from = "body", min = -2, max = 7, default = 3 }
params.sure = { type = "boolean", default = true }
params.photo = { type = "blob", required = false }
sql = "insert into s values (:place, :weight, :count, :sure, :photo) returning id"
result = "row"
required = true
status = 201
location = "/sightings/{id}"
max_rows = 1
timeout = "5s"
)")
                             .endpoints.at(0);
    EXPECT_EQ(one.name, "sighting_add");
    EXPECT_EQ(one.method, endpoint_method::post);
    EXPECT_TRUE(one.writes());
    EXPECT_EQ(one.segments.shape(), "/at/{}/sightings");
    EXPECT_EQ(one.result, result_shape::row);
    EXPECT_TRUE(one.required);
    EXPECT_EQ(one.status, 201);
    EXPECT_EQ(one.location, "/sightings/{id}");
    EXPECT_EQ(one.max_rows, 1U);
    EXPECT_EQ(one.timeout, 5s);
    ASSERT_EQ(one.parameters.size(), 5U);
    const auto& [place, weight, count, sure, photo] =
        std::tie(one.parameters[0], one.parameters[1], one.parameters[2], one.parameters[3],
                 one.parameters[4]);
    EXPECT_EQ(place.name, "place");
    EXPECT_EQ(place.from, parameter_source::path);
    EXPECT_TRUE(place.required);
    EXPECT_EQ(weight.from, parameter_source::query);
    EXPECT_EQ(weight.fallback, parameter_value{1.0});
    EXPECT_FALSE(weight.required);
    EXPECT_EQ(count.fallback, parameter_value{std::int64_t{3}});
    EXPECT_EQ(count.integers.min, -2);
    EXPECT_EQ(sure.from, parameter_source::body);
    EXPECT_EQ(sure.fallback, parameter_value{true});
    EXPECT_EQ(photo.type, parameter_type::blob);
    EXPECT_FALSE(photo.required);
    EXPECT_EQ(photo.fallback, parameter_value{});
}

TEST(config_endpoint, answers_with_rows_and_200_unless_told_otherwise) {
    const endpoint one = config_of(database + one_endpoint).endpoints.at(0);
    EXPECT_EQ(one.result, result_shape::rows);
    EXPECT_EQ(one.status, 200);
    EXPECT_FALSE(one.required);
    EXPECT_FALSE(one.writes());
    EXPECT_EQ(one.max_rows, 1000U);
    EXPECT_EQ(one.timeout, 30s);
}

TEST(config_endpoint, suggests_the_nearest_key) {
    EXPECT_EQ(problems_when("x", "requierd = true"),
              "t.toml:9:1: endpoint.vendor.requierd: there is no such key; did you mean "
              "\"required\"?\n");
    EXPECT_EQ(problems_of_x("{ tpye = \"text\" }"),
              "t.toml:7:14: endpoint.e.params.x.tpye: there is no such key; did you mean "
              "\"type\"?\n");
}

TEST(config_endpoint, refuses_a_name_twice) {
    const std::string other =
        "[[endpoint]]\nname = \"vendor\"\nmethod = \"GET\"\npath = \"/x\"\nsql = \"select 1\"\n";
    EXPECT_EQ(problems_of(database + one_endpoint + other),
              "t.toml:10:8: endpoint.vendor.name: is taken by the endpoint in line 3\n");
}

TEST(config_endpoint, refuses_a_method_and_path_twice) {
    const auto other = [](const std::string& method, const std::string& path) {
        return problems_of(database + one_endpoint + "[[endpoint]]\nname = \"b\"\nmethod = \"" +
                           method + "\"\npath = \"" + path +
                           "\"\nparams.id = {}\nsql = \"select :id\"\n");
    };
    EXPECT_EQ(
        other("GET", "/vendors/{id}"),
        "t.toml:12:8: endpoint.b.path: the endpoint in line 3 has the same method and path\n");
    EXPECT_EQ(other("PUT", "/vendors/{id}"), "");
    EXPECT_EQ(other("GET", "/vendors/new"), "");
}

TEST(config_endpoint, refuses_a_bad_name) {
    const std::string wrong =
        "t.toml:4:8: endpoint[1].name: must be of letters, digits, _, - and ., and begin with a "
        "letter\n";
    for (const std::string name : {"", "a b", "1a", "-a", "a/b", "${NAME}"})
        EXPECT_EQ(problems_when("name", "name = \"" + name + "\""), wrong) << name;
    EXPECT_EQ(problems_when("name", "name = \"a-b.c_1\""), "");
}

TEST(config_endpoint, refuses_other_methods) {
    const std::string wrong =
        "t.toml:5:10: endpoint.vendor.method: must be \"GET\", \"POST\", \"PUT\", \"PATCH\" or "
        "\"DELETE\"";
    EXPECT_EQ(problems_when("method", "method = \"HEAD\""), wrong + '\n');
    EXPECT_EQ(problems_when("method", "method = \"get\""), wrong + '\n');
    EXPECT_EQ(problems_when("method", "method = \"PSOT\""), wrong + "; did you mean \"POST\"?\n");
}

TEST(config_endpoint, refuses_a_bad_path) {
    const auto with = [](const std::string& path) {
        return problems_of(database + "[[endpoint]]\nname = \"e\"\nmethod = \"GET\"\npath = \"" +
                           path + "\"\nsql = \"select 1\"\n");
    };
    const std::string at = "t.toml:5:8: endpoint.e.path: ";
    EXPECT_EQ(with(""), at + "must begin with /\n");
    EXPECT_EQ(with("x"), at + "must begin with /\n");
    EXPECT_EQ(with("/"), at + "GET / is the index of the endpoints\n");
    EXPECT_EQ(with("//x"), at + "has an empty segment\n");
    EXPECT_EQ(with("/x/"), at + "ends with /\n");
    EXPECT_EQ(with("/x/../y"), at + "has a segment . or ..\n");
    EXPECT_EQ(with("/{}"), at + "has braces without a parameter's name in them\n");
    EXPECT_EQ(with("/{a b}"), at + "has braces without a parameter's name in them\n");
    EXPECT_EQ(with("/x{a}"), at + "has a {name} that is not a whole segment\n");
    EXPECT_EQ(with("/${A}"), at + "has a {name} that is not a whole segment\n");
    EXPECT_EQ(with("/{a}/{a}"), at + "has {a} twice\n");
    EXPECT_EQ(with("/x?y"), at + "has a character that a path cannot have, or an escape\n");
    EXPECT_EQ(with("/x%20y"), at + "has a character that a path cannot have, or an escape\n");
    EXPECT_EQ(with("/x-y.z~1/@me"), "");
}

TEST(config_endpoint, needs_a_declaration_for_each_parameter_in_the_path) {
    EXPECT_EQ(problems_when("path", "path = \"/vendors/{prefix}/{part}\""),
              "t.toml:6:8: endpoint.vendor.path: {part} is not declared: params.part = { type = "
              "\"text\", from = \"path\" }\n");
}

TEST(config_endpoint, refuses_a_path_parameter_that_the_path_has_not) {
    EXPECT_EQ(problems_when("path", "path = \"/vendors\""),
              "t.toml:7:41: endpoint.vendor.params.prefix.from: the path has no {prefix}\n");
}

TEST(config_endpoint, refuses_another_source_for_what_is_in_the_path) {
    EXPECT_EQ(problems_when("params.prefix", "params.prefix = { from = \"query\" }"),
              "t.toml:7:26: endpoint.vendor.params.prefix.from: must be \"path\": the path has "
              "{prefix}\n");
}

TEST(config_endpoint, takes_no_parameter_from_the_body_of_a_get_or_delete) {
    for (const std::string method : {"GET", "DELETE"})
        EXPECT_EQ(problems_of(database + "[[endpoint]]\nname = \"e\"\nmethod = \"" + method +
                              "\"\npath = \"/e\"\nsql = \"select :x\"\n"
                              "params.x.from = \"body\"\n"),
                  "t.toml:7:17: endpoint.e.params.x.from: a " + method +
                      " has no body to take it from\n");
}

TEST(config_endpoint, knows_where_a_parameter_usually_comes_from) {
    const auto from = [](const std::string& method, const std::string& path) {
        const auto parsed =
            config_of(database + "[[endpoint]]\nname = \"e\"\nmethod = \"" + method +
                      "\"\npath = \"" + path + "\"\nsql = \"select :x\"\nparams.x = {}\n");
        return parsed.endpoints.at(0).parameters.at(0).from;
    };
    EXPECT_EQ(from("POST", "/e/{x}"), parameter_source::path);
    EXPECT_EQ(from("POST", "/e"), parameter_source::body);
    EXPECT_EQ(from("PUT", "/e"), parameter_source::body);
    EXPECT_EQ(from("PATCH", "/e"), parameter_source::body);
    EXPECT_EQ(from("GET", "/e"), parameter_source::query);
    EXPECT_EQ(from("DELETE", "/e"), parameter_source::query);
}

TEST(config_endpoint, refuses_a_bad_parameter) {
    EXPECT_EQ(problems_of_x("\"text\""),
              "t.toml:7:12: endpoint.e.params.x: must be a table such as { type = \"text\", from = "
              "\"query\" }\n");
    EXPECT_EQ(problems_of_x("{ type = \"int\" }"),
              "t.toml:7:21: endpoint.e.params.x.type: must be \"text\", \"integer\", \"real\", "
              "\"boolean\" or \"blob\"\n");
    EXPECT_EQ(problems_of_x("{}\nparams.\"a b\" = {}"),
              "t.toml:8:8: endpoint.e.params.a b: endpoint.e.sql does not use it\n"
              "t.toml:8:16: endpoint.e.params.a b: the name must be of letters, digits and _, and "
              "begin with no digit\n");
}

TEST(config_endpoint, refuses_a_pattern_that_does_not_compile) {
    for (const std::string pattern : {"[a", "(", "a{2,1}", "*", R"((a)\1)"}) {
        const std::string text = problems_of_x("{ pattern = '" + pattern + "' }");
        EXPECT_TRUE(text.starts_with(
            "t.toml:7:24: endpoint.e.params.x.pattern: is no regular expression: "))
            << pattern << ": " << text;
    }
}

TEST(config_endpoint, refuses_a_min_above_the_max) {
    for (const std::string type : {"\"integer\"", "\"real\"   "})
        EXPECT_EQ(problems_of_x("{ type = " + type + ", max = 1, min = 2 }"),
                  "t.toml:7:" + std::to_string(type.size() + 38) +
                      ": endpoint.e.params.x.min: is greater than max\n");
    EXPECT_EQ(problems_of_x("{ type = \"integer\", min = 2, max = 2 }"), "");
}

TEST(config_endpoint, refuses_bounds_that_the_type_does_not_have) {
    const std::string at = ": endpoint.e.params.x.";
    EXPECT_EQ(problems_of_x("{ min = 1 }"),
              "t.toml:7:20" + at + "min: is only for parameters of type integer and real\n");
    EXPECT_EQ(problems_of_x("{ type = \"blob\", max = 1 }"),
              "t.toml:7:35" + at + "max: is only for parameters of type integer and real\n");
    EXPECT_EQ(problems_of_x("{ type = \"real\", max_length = 1 }"),
              "t.toml:7:42" + at + "max_length: is only for parameters of type text and blob\n");
    EXPECT_EQ(problems_of_x("{ type = \"blob\", pattern = \"a\" }"),
              "t.toml:7:39" + at + "pattern: is only for parameters of type text\n");
    EXPECT_EQ(problems_of_x("{ type = \"integer\", min = 1.5 }"),
              "t.toml:7:38" + at + "min: must be an integer, not a real number\n");
    EXPECT_EQ(problems_of_x("{ type = \"real\", min = nan }"),
              "t.toml:7:35" + at + "min: must be finite\n");
    EXPECT_EQ(problems_of_x("{ max_length = 0 }"),
              "t.toml:7:27" + at + "max_length: must be between 1 and 2147483648\n");
}

TEST(config_endpoint, refuses_a_default_outside_its_bounds) {
    const auto with = [](const std::string& rest) {
        const std::string text = problems_of_x("{ " + rest + " }");
        const std::size_t colon = text.find("default: ");
        return colon == std::string::npos ? text : text.substr(colon);
    };
    EXPECT_EQ(with("type = \"integer\", min = 1, max = 3, default = 0"),
              "default: must be at least 1\n");
    EXPECT_EQ(with("type = \"integer\", min = 1, max = 3, default = 4"),
              "default: must be at most 3\n");
    EXPECT_EQ(with("type = \"real\", max = 1.5, default = 2"), "default: must be at most 1.5\n");
    EXPECT_EQ(with("type = \"integer\", default = 1.5"),
              "default: must be an integer, not a real number\n");
    EXPECT_EQ(with("default = 1"), "default: must be a text, not an integer\n");
    EXPECT_EQ(with("pattern = \"[a-z]+\", default = \"A\""), "default: must match [a-z]+\n");
    EXPECT_EQ(with("max_length = 2, default = \"abc\""),
              "default: must be no longer than 2 bytes\n");
    EXPECT_EQ(with("type = \"blob\", default = \"YQ==\""), "default: a blob has none\n");
    EXPECT_EQ(with("pattern = \"[a-z]+\", default = \"a\""), "");
}

TEST(config_endpoint, tells_of_a_default_of_another_type_beside_bounds_that_are_wrong) {
    const std::string at = ": endpoint.e.params.x.";
    EXPECT_EQ(problems_of_x("{ type = \"integer\", default = \"seven\", min = 9, max = 2 }"),
              "t.toml:7:42" + at + "default: must be an integer, not a text\n" + "t.toml:7:57" +
                  at + "min: is greater than max\n");
    EXPECT_EQ(problems_of_x("{ type = \"real\", example = true, min = nan }"),
              "t.toml:7:39" + at + "example: must be a real number, not true or false\n" +
                  "t.toml:7:51" + at + "min: must be finite\n");
    EXPECT_EQ(problems_of_x("{ type = \"blob\", default = \"YQ==\", min = 1 }"),
              "t.toml:7:39" + at + "default: a blob has none\n" + "t.toml:7:53" + at +
                  "min: is only for parameters of type integer and real\n");
}

TEST(config_endpoint, judges_no_default_by_bounds_that_are_wrong) {
    const std::string at = "t.toml:7:38: endpoint.e.params.x.min: ";
    EXPECT_EQ(problems_of_x("{ type = \"integer\", min = 9, max = 2, default = 7, example = 7 }"),
              at + "is greater than max\n");
    EXPECT_EQ(problems_of_x("{ type = \"integer\", min = \"\", max = 2, default = 7 }"),
              at + "must be an integer, not a text\n");
}

TEST(config_endpoint, has_no_required_parameter_with_a_default) {
    EXPECT_EQ(problems_of_x("{ default = \"a\", required = true }"),
              "t.toml:7:40: endpoint.e.params.x.required: what has a default is never missing\n");
    EXPECT_TRUE(x("{}").required);
    EXPECT_FALSE(x("{ default = \"a\" }").required);
    EXPECT_FALSE(x("{ required = false }").required);
}

TEST(config_endpoint, has_no_path_parameter_that_may_be_missing) {
    EXPECT_EQ(problems_when("params.prefix", "params.prefix = { required = false }"),
              "t.toml:7:30: endpoint.vendor.params.prefix.required: a path always has its "
              "parameters\n");
    EXPECT_EQ(problems_when("params.prefix", "params.prefix = { default = \"x\" }"),
              "t.toml:7:29: endpoint.vendor.params.prefix.default: a path always has its "
              "parameters\n");
}

TEST(config_endpoint, refuses_sql_that_uses_what_is_not_declared) {
    EXPECT_EQ(problems_when("sql", "sql = \"select :prefx, ':x', :prefix\""),
              "t.toml:8:7: endpoint.vendor.sql: :prefx is not declared in params; did you mean "
              "\"prefix\"?\n");
}

TEST(config_endpoint, refuses_a_parameter_that_the_sql_does_not_use) {
    EXPECT_EQ(problems_when("sql", "sql = \"select 1 -- :prefix\""),
              "t.toml:7:8: endpoint.vendor.params.prefix: endpoint.vendor.sql does not use it\n");
}

TEST(config_endpoint, refuses_sql_that_cannot_be_read) {
    EXPECT_EQ(problems_when("sql", "sql = \"select :prefix, 'x\""),
              "t.toml:8:7: endpoint.vendor.sql: a quote is not closed at offset 16\n");
    EXPECT_EQ(problems_when("sql", "sql = \"select :prefix; select 1\""),
              "t.toml:8:7: endpoint.vendor.sql: a second statement begins at offset 16\n");
    EXPECT_EQ(problems_when("sql", "sql = \" ; \""),
              "t.toml:8:7: endpoint.vendor.sql: has no statement in it\n");
}

TEST(config_endpoint, expands_nothing_in_sql_and_patterns) {
    const std::string sql = "select '${HOME}', :prefix";
    EXPECT_EQ(endpoint_when("sql", "sql = \"" + sql + "\"").sql, sql);
    EXPECT_EQ(x("{ pattern = '[${HOME}]' }").matches->text(), "[${HOME}]");
}

TEST(config_endpoint, has_a_statement_for_each_engine) {
    const endpoint one = endpoint_when(
        "sql", "sql.sqlite = \"select :prefix, [a]\"\nsql.postgresql = \"select :prefix::text\"");
    EXPECT_EQ(one.sql, "select :prefix, [a]");
    EXPECT_EQ(problems_when("sql", "sql.postgresql = \"select :prefix\""),
              "t.toml:8:1: endpoint.vendor.sql.sqlite: is missing\n");
    EXPECT_EQ(
        problems_when("sql",
                      "sql.sqlite = \"select :prefix\"\nsql.postgresql = \"select :p, :prefix\""),
        "t.toml:9:18: endpoint.vendor.sql.postgresql: :p is not declared in params\n");
    EXPECT_EQ(problems_when("sql", "sql.sqlite = \"select :prefix\"\nsql.postgres = \"\""),
              "t.toml:9:5: endpoint.vendor.sql.postgres: there is no such key; did you mean "
              "\"postgresql\"?\n");
}

TEST(config_endpoint, refuses_another_result) {
    EXPECT_EQ(problems_when("result", "result = \"table\""),
              "t.toml:9:10: endpoint.vendor.result: must be \"rows\", \"row\" or \"changes\"\n");
}

TEST(config_endpoint, refuses_a_status_that_is_none_of_success) {
    for (const std::string status : {"0", "199", "203", "302", "404", "65736"})
        EXPECT_EQ(problems_when("status", "status = " + status),
                  "t.toml:9:10: endpoint.vendor.status: must be 200, 201, 202 or 204\n");
    EXPECT_EQ(problems_when("status", "status = 204"),
              "t.toml:9:10: endpoint.vendor.status: 204 has no body: it goes with result = "
              "\"changes\" only\n");
    EXPECT_EQ(problems_when("status", "status = 204\nresult = \"changes\""), "");
}

TEST(config_endpoint, refuses_a_bad_location) {
    const auto with = [](const std::string& location) {
        return problems_when("result", "result = \"row\"\nlocation = \"" + location + "\"");
    };
    const std::string at = "t.toml:10:12: endpoint.vendor.location: ";
    EXPECT_EQ(with("/x/{id}/y?z={name}"), "");
    EXPECT_EQ(with("x"), at + "must begin with /\n");
    EXPECT_EQ(with("/{"), at + "has braces without a column's name in them\n");
    EXPECT_EQ(with("/}"), at + "has braces without a column's name in them\n");
    EXPECT_EQ(with("/{}"), at + "has braces without a column's name in them\n");
    EXPECT_EQ(with("/${ID}"), at + "has a ${, which is not expanded here\n");
    EXPECT_EQ(with("/a\\r\\nb: c"), at + "has a blank, or a character that is not ASCII\n");
    EXPECT_EQ(problems_when("location", "location = \"/x\""),
              "t.toml:9:12: endpoint.vendor.location: is made from the row that comes back: it "
              "needs result = \"row\"\n");
}

TEST(config_endpoint, checks_a_parameters_value) {
    const parameter text = x("{ pattern = \"[a-z]+|x\", max_length = 3 }");
    EXPECT_EQ(text.check("abc"), std::nullopt);
    EXPECT_EQ(text.check("abcd"), "must be no longer than 3 bytes");
    EXPECT_EQ(text.check("aB"), "must match [a-z]+|x");
    const parameter integer = x("{ type = \"integer\", min = 1, max = 2 }");
    EXPECT_EQ(integer.check(std::int64_t{2}), std::nullopt);
    EXPECT_EQ(integer.check(std::int64_t{3}), "must be at most 2");
    const parameter real = x("{ type = \"real\", min = 0.5 }");
    EXPECT_EQ(real.check(0.25), "must be at least 0.5");
    EXPECT_EQ(real.check(std::numeric_limits<double>::quiet_NaN()), "must be finite");
    EXPECT_EQ(real.check(std::numeric_limits<double>::infinity()), "must be finite");
}

}  // namespace
}  // namespace weir::app
