// What a database finds wrong with a configuration.

#include "app/data/database_check.hpp"

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"
#include "db/house.hpp"

namespace weir::app {
namespace {

class the_database_check : public db::house {
protected:
    void SetUp() override {
        ASSERT_TRUE(write("create table thing (id integer primary key, name text)"));
    }

    // Of one endpoint; its lines 1 to 5 are the table's, the method's, ..., in this order.
    std::string problems_of(const std::string& method, const std::string& sql,
                            const std::string& rest) {
        const config read =
            config_of("[[endpoint]]\nname = \"e\"\nmethod = \"" + method +
                      "\"\npath = \"/e\"\nsql = \"" + sql + "\"\n" + rest + '\n' + database_line);
        problems found{"t.toml"};
        served_ = check_endpoints(read, house::database(), found);
        EXPECT_EQ(served_.size(), found.empty() ? 1U : 0U);
        return found.text();
    }

    const std::string database_line = "[database]\nurl = \"sqlite:x.db\"\n";
    std::vector<served_endpoint> served_;
};

TEST_F(the_database_check, finds_nothing_wrong_with_what_is_right) {
    EXPECT_EQ(problems_of("GET", "select * from thing", ""), "");
    EXPECT_TRUE(served_[0].readonly);
    EXPECT_EQ(problems_of("POST", "insert into thing (name) values ('x') returning id",
                          "result = \"row\"\nstatus = 201\nlocation = \"/e/{id}\""),
              "");
    EXPECT_FALSE(served_[0].readonly);
    EXPECT_EQ(problems_of("DELETE", "delete from thing", "result = \"changes\""), "");
    EXPECT_EQ(problems_of("POST", "select 1 as one", ""), "");
}

TEST_F(the_database_check, tells_the_engines_own_words_about_bad_sql) {
    EXPECT_EQ(problems_of("GET", "select nane from thing", ""),
              "t.toml:5:7: endpoint.e.sql: no such column: nane at offset 7\n");
    EXPECT_EQ(problems_of("GET", "select * from elsewhere", ""),
              "t.toml:5:7: endpoint.e.sql: no such table: elsewhere\n");
}

TEST_F(the_database_check, refuses_a_get_that_writes) {
    EXPECT_EQ(problems_of("GET", "delete from thing returning id", ""),
              "t.toml:3:10: endpoint.e.method: a GET must not write: use POST, PUT, PATCH or "
              "DELETE\n");
}

TEST_F(the_database_check, compares_the_result_with_what_comes_back) {
    EXPECT_EQ(problems_of("POST", "insert into thing (name) values ('x')", ""),
              "t.toml:5:7: endpoint.e.sql: returns no rows: use result = \"changes\", or add "
              "\"returning\"\n");
    EXPECT_EQ(problems_of("POST", "select 1", "result = \"changes\""),
              "t.toml:5:7: endpoint.e.sql: changes nothing: use result = \"rows\" or \"row\"\n");
    EXPECT_EQ(problems_of("GET", "select id, name as id from thing", ""),
              "t.toml:5:7: endpoint.e.sql: has two columns called id: rename one with \"as\"\n");
}

// JSON could not name them.
TEST_F(the_database_check, refuses_columns_whose_names_are_not_utf8) {
    ASSERT_TRUE(write("create table odd (id integer, \"\xff\" text)"));
    EXPECT_EQ(problems_of("GET", "select * from odd", ""),
              "t.toml:5:7: endpoint.e.sql: has a column whose name is not UTF-8: rename it with "
              "\"as\"\n");
    EXPECT_EQ(problems_of("GET", "select id from odd", ""), "");
}

TEST_F(the_database_check, looks_for_the_locations_columns) {
    EXPECT_EQ(problems_of("POST", "insert into thing (name) values ('x') returning id",
                          "result = \"row\"\nlocation = \"/e/{ib}\""),
              "t.toml:7:12: endpoint.e.location: {ib} is no column of the row that comes back; did "
              "you mean \"id\"?\n");
}

TEST_F(the_database_check, names_the_engines_key) {
    const config read = config_of(
        "[[endpoint]]\nname = \"e\"\nmethod = \"GET\"\npath = \"/e\"\n"
        "sql.postgresql = \"select 1\"\nsql.sqlite = \"select\"\n" +
        database_line);
    problems found{"t.toml"};
    check_endpoints(read, house::database(), found);
    EXPECT_EQ(found.text().substr(0, 36), "t.toml:6:14: endpoint.e.sql.sqlite: ");
}

TEST_F(the_database_check, says_which_file_is_missing) {
    config read = config_with("");
    read.database.file = folder().file("none.db");
    const auto opened = open_database(read, threads(), database_access::serve);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), errc::not_found);
    EXPECT_NE(opened.error().message().find("none.db: no such file"), std::string::npos)
        << opened.error().message();
}

}  // namespace
}  // namespace weir::app
