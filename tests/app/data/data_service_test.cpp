// Endpoints called as the protocols call them.

#include "app/data/data_service.hpp"

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"
#include "app/data/database_check.hpp"
#include "db/house.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

const std::string two_endpoints = R"toml(
[[endpoint]]
name = "thing"
method = "GET"
path = "/things/{id}"
params.id = { type = "integer", from = "path" }
sql = "select id, name from thing where id = :id"
result = "row"
required = true

[[endpoint]]
name = "things"
method = "GET"
path = "/things"
sql = "select id from thing order by id"
max_rows = 2

[[endpoint]]
name = "add"
method = "POST"
path = "/things"
params.name = { type = "text" }
sql = "insert into thing (name) values (:name) returning id"
result = "row"

[[endpoint]]
name = "remove"
method = "DELETE"
path = "/things/{id}"
params.id = { type = "integer", from = "path" }
sql = "delete from thing where id = :id"
result = "changes"
required = true

[[endpoint]]
name = "slow"
method = "GET"
path = "/slow"
sql = "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) as n from n"

[[endpoint]]
name = "spoilt"
method = "GET"
path = "/spoilt"
sql = "select cast(x'ff' as text) as t"
result = "row"

[[endpoint]]
name = "huge"
method = "GET"
path = "/huge"
sql = "select zeroblob(5000000) as b"
result = "row"
required = true

[[endpoint]]
name = "huge_rows"
method = "GET"
path = "/huge_rows"
sql = "select zeroblob(5000000) as b"
required = true

[[endpoint]]
name = "add_huge"
method = "POST"
path = "/huge"
sql = "insert into thing (id, name) values (77, 'huge') returning zeroblob(5000000) as b"
result = "row"
)toml";

class the_data_service : public db::house {
protected:
    void SetUp() override {
        ASSERT_TRUE(write("create table thing (id integer primary key, name text unique)"));
        problems found{"t.toml"};
        auto served =
            check_endpoints(config_of(app::database + two_endpoints), house::database(), found);
        ASSERT_EQ(found.text(), "");
        service_.emplace(house::database(), log_, std::move(served), std::chrono::seconds{30});
    }

    result<db::rows> call(std::string_view name, std::string_view parameter = {},
                          std::string_view value = {}, duration timeout = 10s) {
        const served_endpoint* which = service_->find(name);
        arguments with{which->config, memory_};
        for (const app::parameter& each : which->config.parameters) {
            if (each.name == parameter) {
                EXPECT_TRUE(with.add(parameter, each.from, value));
            }
        }
        return run(service_->call(which, &with, timeout));
    }

    // What is wrong with the disk; empty where nothing is.
    std::string complaint(time_point now) const {
        const auto health = service_->health(now);
        return health ? std::string{} : health.error().message();
    }

    class log log_{"test", weir::log_level::off};
    io::block_pool blocks_;
    scratch memory_{blocks_};
    std::optional<data_service> service_;
};

TEST_F(the_data_service, reads_what_it_wrote) {
    const auto added = call("add", "name", "\u00e4");
    ASSERT_TRUE(added) << added.error().message();
    const auto found = call("thing", "id", std::to_string((*added)[0]["id"].as_integer()));
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ((*found)[0]["name"].as_text(), "\u00e4");
}

TEST_F(the_data_service, finds_nothing) {
    EXPECT_EQ(call("thing", "id", "7").error(), errc::not_found);
    EXPECT_EQ(call("remove", "id", "7").error(), errc::not_found);
    EXPECT_EQ(service_->find("none"), nullptr);
}

TEST_F(the_data_service, counts_changes) {
    ASSERT_TRUE(call("add", "name", "x"));
    const auto removed = call("remove", "id", "1");
    ASSERT_TRUE(removed);
    EXPECT_EQ(removed->changes(), 1);
}

TEST_F(the_data_service, leaves_out_rows_beyond_the_limit) {
    for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(call("add", "name", name));
    const auto all = call("things");
    ASSERT_TRUE(all);
    EXPECT_EQ(all->size(), 2U);
    EXPECT_TRUE(all->truncated());
}

TEST_F(the_data_service, tells_of_a_parameter_before_it_asks_the_database) {
    const auto missing = call("thing");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), errc::invalid_argument);
    EXPECT_EQ(missing.error().text(), "id is missing");
}

TEST_F(the_data_service, tells_of_a_constraint) {
    ASSERT_TRUE(call("add", "name", "x"));
    EXPECT_EQ(call("add", "name", "x").error(), errc::conflict);
}

TEST_F(the_data_service, ends_a_statement_at_its_timeout) {
    // Opening a connection is not the statement's time.
    ASSERT_TRUE(call("things"));
    EXPECT_EQ(call("slow", "", "", 50ms).error(), errc::timed_out);
    // And the connection is good for the next.
    EXPECT_TRUE(call("things"));
}

TEST_F(the_data_service, keeps_to_itself_what_nobody_foresaw) {
    ASSERT_TRUE(write("drop table thing"));
    const time_point begun = io::blocking_pool::now();
    const auto failed = call("things");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(), errc::internal);
    EXPECT_EQ(failed.error().message().find("thing"), std::string::npos)
        << failed.error().message();
    EXPECT_EQ(complaint(begun), "");
}

TEST_F(the_data_service, is_unwell_while_the_disk_is_full_whatever_is_read) {
    ASSERT_TRUE(write("pragma max_page_count = 1"));
    const std::string large(std::size_t{64} * 1024, 'x');
    const time_point begun = io::blocking_pool::now();
    EXPECT_EQ(call("add", "name", large).error(), errc::storage);
    ASSERT_TRUE(call("things"));
    EXPECT_EQ(call("remove", "id", "7").error(), errc::not_found) << "writes nothing";
    EXPECT_EQ(complaint(begun), "the last write failed");
    EXPECT_EQ(complaint(after(io::blocking_pool::now(), disk_health::failure_lasts)), "");
    ASSERT_TRUE(write("pragma max_page_count = 1000000"));
    ASSERT_TRUE(call("add", "name", large));
    EXPECT_EQ(complaint(begun), "");
}

TEST_F(the_data_service, is_unwell_after_a_read_of_a_corrupt_file) {
    db::stranger{path()}.run(
        "pragma writable_schema = on;"
        "update sqlite_schema set rootpage = 1000 where name = 'thing';"
        "pragma schema_version = 1000");
    const time_point begun = io::blocking_pool::now();
    EXPECT_EQ(call("things").error(), errc::storage);
    EXPECT_EQ(complaint(begun), "the last read failed");
}

TEST_F(the_data_service, fails_a_single_row_that_is_not_utf8) {
    EXPECT_EQ(call("spoilt").error(), errc::internal);
}

// Not "nothing matches", which would be a 404.
TEST_F(the_data_service, fails_a_single_row_that_is_larger_than_is_answered) {
    const auto read = call("huge");
    EXPECT_EQ(read.error(), errc::internal);
    EXPECT_EQ(read.error().text(), "the row is larger than the most that is answered");
    EXPECT_EQ(call("add_huge").error(), errc::internal);
    EXPECT_TRUE(call("thing", "id", "77")) << "what a write has done, it has done";
    const auto rows = call("huge_rows");
    ASSERT_TRUE(rows) << rows.error().message();
    EXPECT_TRUE(rows->empty());
    EXPECT_TRUE(rows->truncated());
}

}  // namespace
}  // namespace weir::app
