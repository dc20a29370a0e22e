#include <gtest/gtest.h>

#include "house.hpp"

namespace weir::inline v0::db {
namespace {

class query : public house {
protected:
    void SetUp() override {
        ASSERT_TRUE(write("create table vendor(prefix text primary key, name text not null)"));
        ASSERT_TRUE(write("insert into vendor values('0000f8', 'Digital'), ('001b63', 'Apple')"));
    }
    errc code_of(const result<rows>& outcome) { return outcome ? errc{} : outcome.error().code(); }
};

constexpr std::string_view by_prefix = "select name from vendor where prefix = :prefix";

TEST_F(query, binds_parameters_by_name) {
    auto found = read("select :b as b, :a as a, :b as again", params{{"a", 1}, {"b", "two"}});
    ASSERT_TRUE(found) << found.error().message();
    const row only = (*found)[0];
    EXPECT_EQ(only["a"].as_integer(), 1);
    EXPECT_EQ(only["b"].as_text(), "two");
    EXPECT_EQ(only["again"].as_text(), "two");
}

task<result<std::string>> name_of(database& database, std::string prefix) {
    auto session = co_await or_return(database.session());
    auto found = co_await or_return(
        session.query(by_prefix, params{param{"prefix", std::string_view{prefix}}}));
    co_return std::string{found[0]["name"].as_text()};
}

TEST_F(query, takes_its_parameters_inside_the_expression_that_awaits_it) {
    EXPECT_EQ(run(name_of(database(), "0000f8")), "Digital");
}

TEST_F(query, finds_rows_and_names_its_columns) {
    auto found = read(by_prefix, params{{"prefix", "0000f8"}});
    ASSERT_TRUE(found) << found.error().message();
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->column_name(0), "name");
    std::string names;
    for (auto row : *found) names += row[0].as_text();
    EXPECT_EQ(names, "Digital");
    EXPECT_THROW((void)(*found)[0]["prefix"], std::out_of_range);
    EXPECT_THROW((void)(*found)[0][1], std::out_of_range);
    EXPECT_THROW((void)(*found)[1], std::out_of_range);
}

TEST_F(query, names_its_columns_also_where_no_row_is_found) {
    auto found = read(by_prefix, params{{"prefix", "ffffff"}});
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->empty());
    EXPECT_EQ(found->column_name(0), "name");
}

TEST_F(query, refuses_a_parameter_that_is_missing_or_unknown) {
    auto missing = read(by_prefix);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), errc::invalid_argument);
    EXPECT_EQ(missing.error().text(), "there is no value for the parameter ':prefix'");
    auto unknown = read(by_prefix, params{{"prefix", "x"}, {"nmae", "y"}});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error(), errc::invalid_argument);
    EXPECT_EQ(unknown.error().text(), "the statement has no parameter ':nmae'");
}

TEST_F(query, brings_every_type_through_and_back) {
    ASSERT_TRUE(write("create table v(n, i, r, t, b, et, eb)"));
    const std::string text{"with a \0 in it", 14};
    params given;
    given.add("n", nullptr).add("i", INT64_MIN).add("r", 0.1).add("t", text);
    given.add("b", as_bytes("\x01\xFF")).add("et", "").add("eb", bytes_view{});
    ASSERT_TRUE(write("insert into v values(:n, :i, :r, :t, :b, :et, :eb)", given));
    auto found = read("select * from v");
    ASSERT_TRUE(found);
    const row only = (*found)[0];
    EXPECT_TRUE(only["n"].is_null());
    EXPECT_EQ(only["i"].as_integer(), INT64_MIN);
    EXPECT_EQ(only["r"].as_real(), 0.1);
    EXPECT_EQ(only["t"].as_text(), text);
    EXPECT_EQ(as_text(only["b"].as_blob()), "\x01\xFF");
    EXPECT_EQ(only["et"].as_text(), "");
    EXPECT_EQ(only["eb"].as_blob().size(), 0U);
}

TEST_F(query, marks_text_that_is_not_utf8) {
    auto found = read("select cast(x'ff41' as text) as bad, 'gut' as good");
    ASSERT_TRUE(found);
    EXPECT_FALSE((*found)[0]["bad"].valid_utf8());
    EXPECT_EQ((*found)[0]["bad"].as_text(),
              "\xFF"
              "A");
    EXPECT_TRUE((*found)[0]["good"].valid_utf8());
}

constexpr std::string_view counting =
    "with recursive n(x) as (select 1 union all select x + 1 from n where x < :last)"
    " select x, 'text' from n";

TEST_F(query, stops_at_max_rows_and_says_so) {
    auto cut = read(counting, params{{"last", 11}}, query_options{10});
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->size(), 10U);
    EXPECT_TRUE(cut->truncated());
    auto exact = read(counting, params{{"last", 10}}, query_options{10});
    ASSERT_TRUE(exact);
    EXPECT_EQ(exact->size(), 10U);
    EXPECT_FALSE(exact->truncated());
}

TEST_F(query, stops_at_max_bytes_and_keeps_whole_rows) {
    query_options limits;
    limits.max_bytes = 1000;
    auto cut = read(counting, params{{"last", 1000}}, limits);
    ASSERT_TRUE(cut);
    EXPECT_TRUE(cut->truncated());
    EXPECT_GT(cut->size(), 5U);
    EXPECT_LT(cut->size(), 100U);
    EXPECT_EQ((*cut)[cut->size() - 1][1].as_text(), "text");
    auto none = read("select zeroblob(100000)", {}, limits);
    ASSERT_TRUE(none);
    EXPECT_TRUE(none->truncated());
    EXPECT_TRUE(none->empty());
}

TEST_F(query, writes_all_of_it_where_not_all_of_what_it_returns_is_kept) {
    ASSERT_TRUE(write("create table t(x)"));
    const auto insert = [](db::database& database) -> task<result<rows>> {
        auto session = co_await or_return(database.writer());
        const query_options limits{1};
        co_return co_await session.query("insert into t values(1), (2), (3) returning x", params{},
                                         limits);
    };
    auto done = run(insert(database()));
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(done->size(), 1U);
    EXPECT_TRUE(done->truncated());
    EXPECT_EQ(done->changes(), 3);
    EXPECT_EQ((*read("select count(*) from t"))[0][0].as_integer(), 3);
}

TEST_F(query, tells_what_a_write_did) {
    ASSERT_TRUE(write("create table t(id integer primary key, x)"));
    auto inserted = write("insert into t(x) values('a'), ('b')");
    ASSERT_TRUE(inserted);
    EXPECT_EQ(inserted->changes(), 2);
    EXPECT_EQ(inserted->last_insert_id(), 2);
    EXPECT_EQ(write("update t set x = 'c' where id = 9")->changes(), 0);
    EXPECT_EQ(write("select 1")->changes(), 0);
}

TEST_F(query, turns_a_constraint_into_a_conflict_with_its_sqlstate) {
    ASSERT_TRUE(write("create table child(prefix text references vendor, n check (n > 0))"));
    auto twice = write("insert into vendor values('0000f8', 'Again')");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error(), errc::conflict);
    EXPECT_EQ(twice.error().sqlstate(), "23505");
    EXPECT_EQ(twice.error().text(), "UNIQUE constraint failed: vendor.prefix");
    EXPECT_EQ(write("insert into child values('ffffff', 1)").error().sqlstate(), "23503");
    EXPECT_EQ(write("insert into vendor values('ffffff', null)").error().sqlstate(), "23502");
    EXPECT_EQ(write("insert into child values('0000f8', 0)").error().sqlstate(), "23514");
}

TEST_F(query, refuses_a_write_on_a_reader) {
    auto refused = read("insert into vendor values('ffffff', 'Nobody')");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), errc::permission_denied);
    ASSERT_TRUE(read("pragma query_only = off"));
    EXPECT_EQ(code_of(read("insert into vendor values('ffffff', 'Nobody')")),
              errc::permission_denied);
}

TEST_F(query, refuses_bad_sql_and_goes_on) {
    EXPECT_EQ(code_of(read("selec 1")), errc::invalid_argument);
    EXPECT_EQ(code_of(read("select abs(-9223372036854775808)")), errc::invalid_argument);
    EXPECT_EQ(code_of(read("select zeroblob(2000000000)")), errc::too_large);
    EXPECT_TRUE(read("select 1"));
}

TEST_F(query, rolls_back_where_the_disk_is_full_and_recovers) {
    ASSERT_TRUE(write("create table big(x)"));
    const auto fill = [](db::database& database) -> task<result<bool>> {
        auto session = co_await or_return(database.writer());
        co_await or_return(session.query("pragma max_page_count = 40"));
        co_await or_return(session.query("begin"));
        co_await or_return(session.query("insert into big values(1)"));
        auto full = co_await session.query("insert into big values(zeroblob(1000000))");
        EXPECT_EQ(full.error(), errc::storage) << full.error().message();
        const bool open = session.in_transaction();
        co_await or_return(session.query("pragma max_page_count = 100000"));
        co_await or_return(session.query("insert into big values(zeroblob(1000000))"));
        co_return open;
    };
    auto open = run(fill(database()));
    ASSERT_TRUE(open) << open.error().message();
    EXPECT_FALSE(*open);
    EXPECT_EQ((*read("select count(*) from big"))[0][0].as_integer(), 1);
    EXPECT_EQ((*read("pragma integrity_check"))[0][0].as_text(), "ok");
}

TEST_F(query, replaces_a_connection_that_met_a_corrupt_file) {
    ASSERT_TRUE(write("create table t(x)"));
    ASSERT_TRUE(write("insert into t values(1)"));
    ASSERT_TRUE(write("pragma wal_checkpoint(truncate)"));
    auto page = write("select rootpage from sqlite_schema where name = 't'");
    ASSERT_TRUE(page);
    {
        std::FILE* file = std::fopen(path().c_str(), "r+b");
        ASSERT_NE(file, nullptr);
        std::fseek(file, static_cast<long>(((*page)[0][0].as_integer() - 1) * 4096), SEEK_SET);
        const std::string garbage(4096, '\xEE');
        std::fwrite(garbage.data(), 1, garbage.size(), file);
        std::fclose(file);
    }
    EXPECT_EQ(code_of(read("select * from t")), errc::storage);
    EXPECT_EQ(database().stats().readers.discarded, 1U);
    EXPECT_TRUE(read(by_prefix, params{{"prefix", "0000f8"}}));
}

}  // namespace
}  // namespace weir::inline v0::db
