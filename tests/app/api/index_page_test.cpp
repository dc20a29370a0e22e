// What there is to ask for, with examples.

#include "app/api/index_page.hpp"

#include <gtest/gtest.h>

#include "app/api/example_call.hpp"
#include "app/config/config_fixture.hpp"

namespace weir::app {
namespace {

const std::string endpoints = R"toml(
[[endpoint]]
name = "find"
method = "GET"
path = "/find/{what}"
params.what = { type = "text", from = "path", example = "a b" }
params.limit = { type = "integer", from = "query", default = 3, min = 1 }
params.from = { type = "integer", from = "query", min = 5 }
params.exact = { type = "boolean", from = "query", default = false, example = true }
sql = "select :what, :limit, :from, :exact"

[[endpoint]]
name = "add"
method = "POST"
path = "/find"
params.what = { type = "text", example = "<it's>" }
sql = "insert into t values (:what)"
result = "changes"
)toml";

std::vector<served_endpoint> served(const config& read) {
    std::vector<served_endpoint> all;
    for (const endpoint& each : read.endpoints) all.emplace_back(each, db::statement_info{});
    return all;
}

TEST(example_call, takes_examples_defaults_and_what_fits_the_type) {
    const config read = config_of(database + endpoints);
    const example_call find{read.endpoints.at(0)};
    EXPECT_EQ(find.target, "/find/a%20b?from=5&exact=true");
    EXPECT_EQ(find.body, "");
    EXPECT_EQ(find.frame,
              R"({"id":1,"call":"find","params":{"what":"a b","from":5,"exact":true}})");
    const example_call add{read.endpoints.at(1)};
    EXPECT_EQ(add.target, "/find");
    EXPECT_EQ(add.body, R"({"what":"<it's>"})");
}

TEST(index_page, is_html_with_everything_escaped) {
    const config read = config_of("service.name = \"a<b\"\n" + database + endpoints);
    const index_page page{read, served(read)};
    EXPECT_NE(page.html.find("<h1>a&lt;b</h1>"), std::string::npos);
    EXPECT_NE(page.html.find("href=\"/find/a%20b?from=5&amp;exact=true\""), std::string::npos);
    EXPECT_NE(page.html.find("-d '{&quot;what&quot;:&quot;&lt;it'\\''s&gt;&quot;}' "
                             "'http://127.0.0.1:8080/find'"),
              std::string::npos)
        << page.html;
    EXPECT_EQ(page.html.find("<it"), std::string::npos);
}

TEST(index_page, is_json_for_programs) {
    const config read = config_of(database + one_endpoint);
    EXPECT_EQ(index_page(read, served(read)).json,
              R"({"name":"weir","endpoints":[{"name":"vendor","method":"GET",)"
              R"("path":"/vendors/{prefix}","result":"rows","parameters":[{"name":"prefix",)"
              R"("type":"text","from":"path","required":true}],"example":{"method":"GET",)"
              R"("target":"/vendors/prefix","frame":{"id":1,"call":"vendor",)"
              R"("params":{"prefix":"prefix"}}}}]})"
              "\n");
}

TEST(config_examples, are_checked_as_a_callers_values_are) {
    const auto with = [](const std::string& parameter) {
        return problems_of(database +
                           endpoint_with("params.prefix", "params.prefix = " + parameter));
    };
    EXPECT_EQ(with("{ from = \"path\", example = \"x\" }"), "");
    EXPECT_NE(with("{ from = \"path\", example = \"xx\", max_length = 1 }")
                  .find("params.prefix.example: must be no longer than 1 bytes"),
              std::string::npos);
    EXPECT_NE(with("{ from = \"path\", example = 7 }").find("example: must be a text"),
              std::string::npos);
}

}  // namespace
}  // namespace weir::app
