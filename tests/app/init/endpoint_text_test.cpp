// Endpoints of a table, as text, and what the configuration's reader makes of them.

#include "app/init/endpoint_text.hpp"

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"
#include "app/init/config_text.hpp"

namespace weir::app {
namespace {

column of(const std::string& name, affinity affinity) {
    column made;
    made.name = name;
    made.affinity = affinity;
    made.type = parameter_type_of(affinity);
    return made;
}

relation track() {
    relation table;
    table.name = "track";
    table.columns = {"id", "name"};
    table.key = {of("id", affinity::integer)};
    return table;
}

std::vector<endpoint> endpoints_of(const relation& table) {
    catalogue all;
    all.relations.push_back(table);
    return config_of(config_text("sqlite:x.db", all)).endpoints;
}

TEST(a_table_with_one_key, is_listed_by_it_and_has_rows_by_it) {
    EXPECT_EQ(endpoints_text(track(), "track"), R"(
[[endpoint]]
name = "track.list"
method = "GET"
path = "/track"
params.limit = { type = "integer", default = 100, min = 1, max = 1000 }
params.after = { type = "integer", required = false }
sql = '''
select "id", "name"
from "track"
where "id" >= coalesce(:after, -9e999)
  and (:after is null or "id" > :after)
order by "id"
limit :limit'''
result = "rows"

[[endpoint]]
name = "track.get"
method = "GET"
path = "/track/{id}"
params.id = { type = "integer", from = "path" }
sql = '''
select "id", "name"
from "track"
where "id" = :id'''
result = "row"
required = true
)");
}

TEST(an_indexed_column, has_an_endpoint_and_a_unique_one_has_a_row) {
    relation table = track();
    table.indexed = {{of("name", affinity::text), false}, {of("isrc", affinity::text), true}};
    const auto all = endpoints_of(table);
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[2].name, "track.by-name");
    EXPECT_EQ(all[2].path, "/track/by-name/{name}");
    EXPECT_EQ(all[2].result, result_shape::rows);
    EXPECT_EQ(all[2].parameters.size(), 3U);
    EXPECT_EQ(all[3].name, "track.by-isrc");
    EXPECT_EQ(all[3].result, result_shape::row);
    EXPECT_TRUE(all[3].required);
    EXPECT_EQ(all[3].parameters.size(), 1U);
}

TEST(a_key_of_several_columns, is_a_path_of_several_segments) {
    relation table = track();
    table.key = {of("list", affinity::integer), of("limit", affinity::text)};
    const auto all = endpoints_of(table);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].parameters[1].name, "offset");
    EXPECT_EQ(all[1].path, "/track/{list}/{limit_2}");
}

TEST(a_view, is_listed_and_no_more) {
    relation view = track();
    view.key.clear();
    const auto all = endpoints_of(view);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].sql, "select \"id\", \"name\"\nfrom \"track\"\nlimit :limit offset :offset");
}

TEST(a_rows_number, is_listed_with_its_columns) {
    relation table = track();
    table.key = {of("rowid", affinity::integer)};
    table.by_row_number = true;
    EXPECT_TRUE(endpoints_of(table)[1].sql.starts_with("select \"rowid\", \"id\", \"name\"\n"));
}

TEST(a_configuration, names_what_was_left_out_on_one_line) {
    catalogue all;
    all.relations.push_back(track());
    all.others.push_back({"b\n\xff", "no such\ntable"});
    const std::string text = config_text("sqlite:${x}.db", all);
    EXPECT_NE(text.find("\n# Left out: b??: no such?table\n"), std::string::npos);
    EXPECT_NE(text.find("url = \"sqlite:$${x}.db\"\n"), std::string::npos);
    EXPECT_EQ(problems_of(text), "");
}

}  // namespace
}  // namespace weir::app
