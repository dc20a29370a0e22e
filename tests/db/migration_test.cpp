// Migrations: applied once each, noticed when they change.

#include "weir/db/migration.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "db/house.hpp"

namespace weir::inline v0::db {
namespace {

migration script(std::uint32_t number, std::string sql) {
    migration made;
    made.number = number;
    made.name = "m" + std::to_string(number);
    made.sql = std::move(sql);
    return made;
}

class the_migrations : public ::testing::Test {
protected:
    std::string failure(const std::vector<migration>& wanted) {
        const auto done = migrate(url(), wanted);
        if (done) return "";
        const migration_failure& why = done.error();
        return std::to_string(why.number) + '@' +
               (why.offset ? std::to_string(*why.offset) : std::string{"-"}) + ": " +
               why.why.message();
    }

    // The first column of each row, one behind another.
    std::string ask(const char* sql) {
        sqlite3* handle = nullptr;
        sqlite3_open_v2(path_.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
        std::string rows;
        sqlite3_exec(
            handle, sql,
            [](void* to, int, char** values, char**) {
                *static_cast<std::string*>(to) += std::string{values[0] ? values[0] : "null"} + ' ';
                return 0;
            },
            &rows, nullptr);
        sqlite3_close(handle);
        return rows;
    }

    std::string url() const { return "sqlite:" + path_; }

    scratch_folder folder_;
    std::string path_ = folder_.file("m.db");
    const std::vector<migration> two{
        script(1, "-- one\ncreate table t (a); insert into t values (1);"),
        script(2, "insert into t values (2)")};
};

TEST_F(the_migrations, make_a_database_and_are_applied_once) {
    std::string told;
    ASSERT_TRUE(
        migrate(url(), std::span{two}.first(1), [&](const auto& each) { told += each.name; }));
    ASSERT_TRUE(migrate(url(), two, [&](const auto& each) { told += each.name; }));
    ASSERT_TRUE(migrate(url(), two, [&](const auto& each) { told += each.name; }));
    EXPECT_EQ(told, "m1m2");
    EXPECT_EQ(ask("select a from t"), "1 2 ");
    EXPECT_EQ(ask("select number || name from weir_migration"), "1m1 2m2 ");
    EXPECT_EQ(ask("select applied_at like '20__-__-__T__:__:__.___Z' from weir_migration"), "1 1 ");
}

TEST_F(the_migrations, are_applied_once_by_two_at_a_time) {
    std::vector<migration> many = two;
    for (std::uint32_t number = 3; number <= 30; ++number)
        many.push_back(script(number, "insert into t values (" + std::to_string(number) + ")"));
    std::atomic<int> applied = 0;
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            if (!migrate(url(), many, [&](const auto&) { ++applied; })) ++failed;
        });
    for (auto& each : threads) each.join();
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(applied, 30);
    EXPECT_EQ(ask("select count(*) || ' ' || count(distinct a) from t"), "30 30 ");
}

TEST_F(the_migrations, change_nothing_where_one_fails_but_what_went_before) {
    std::vector<migration> wanted = two;
    wanted.push_back(
        script(3, "insert into t values (3);\n\n/* x */ insert into nowhere values (1);"));
    EXPECT_EQ(failure(wanted), "3@35: no such table: nowhere");
    EXPECT_EQ(ask("select a from t"), "1 2 ");
    EXPECT_EQ(ask("select number from weir_migration"), "1 2 ");
    wanted[2] = script(3, "insert into t values (3);\n select nope from t;");
    EXPECT_EQ(failure(wanted), "3@34: no such column: nope");
    EXPECT_EQ(ask("select a from t"), "1 2 ");
}

TEST_F(the_migrations, notice_what_was_edited_and_where) {
    ASSERT_TRUE(migrate(url(), two));
    std::vector<migration> edited = two;
    edited[0].sql.replace(edited[0].sql.find("(1)"), 3, "(9)");
    const std::string why = failure(edited);
    EXPECT_TRUE(why.starts_with("1@" + std::to_string(two[0].sql.find("(1)") + 1) +
                                ": migration m1, which was applied at 20"))
        << why;
    EXPECT_TRUE(why.ends_with(", has been edited since: put it back, and write another")) << why;
    edited = two;
    edited[1].sql += ';';
    EXPECT_TRUE(failure(edited).starts_with("2@24: ")) << failure(edited);
}

TEST_F(the_migrations, notice_what_is_missing) {
    ASSERT_TRUE(migrate(url(), two));
    const std::string why = failure({two[0]});
    EXPECT_TRUE(why.starts_with("2@-: migration m2, which was applied at 20")) << why;
    EXPECT_TRUE(why.ends_with(", is missing")) << why;
}

TEST_F(the_migrations, are_one_transaction_each_whatever_they_say) {
    for (const char* sql : {"begin", "commit", "insert into t values (7); rollback;", "end"}) {
        std::vector<migration> wanted = two;
        wanted.push_back(script(3, sql));
        const std::string why = failure(wanted);
        EXPECT_NE(why.find("it must not begin or end one itself"), std::string::npos) << why;
        EXPECT_EQ(ask("select a from t"), "1 2 ");
    }
}

TEST_F(the_migrations, take_no_parameters_and_no_nul) {
    EXPECT_EQ(failure({script(1, "select :x")}), "1@0: a migration has no parameters");
    EXPECT_EQ(failure({script(1, std::string{"select 1;\0", 10})}),
              "1@9: a NUL stands in the script");
}

TEST_F(the_migrations, may_replace_a_table_that_others_refer_to) {
    const auto first = script(1,
                              "create table parent (id integer primary key);\n"
                              "create table child (of integer references parent (id));\n"
                              "insert into parent values (1); insert into child values (1);");
    const auto second = script(2,
                               "create table next (id integer primary key, name text);\n"
                               "insert into next (id) select id from parent;\n"
                               "drop table parent; alter table next rename to parent;");
    EXPECT_EQ(failure({first, second}), "");
    EXPECT_EQ(ask("select of from child"), "1 ");
    EXPECT_EQ(failure({first, second, script(3, "delete from parent")}),
              "3@-: it leaves rows in child whose foreign key points nowhere");
    EXPECT_EQ(ask("select id from parent"), "1 ");
}

TEST_F(the_migrations, are_tried_without_changing_anything) {
    const auto empty = migration_rehearsal::run(url(), two);
    ASSERT_TRUE(empty);
    EXPECT_EQ(empty->pending(), 2U);
    EXPECT_FALSE(std::filesystem::exists(path_));
    EXPECT_EQ(empty->prepare_check("select a from t").value().columns,
              std::vector<std::string>{"a"});
    EXPECT_FALSE(empty->prepare_check("select b from t"));

    ASSERT_TRUE(migrate(url(), std::span{two}.first(1)));
    std::vector<migration> three{
        two[0], script(2, "alter table t add b; create view v as select b from t")};
    const auto tried = migration_rehearsal::run(url(), three);
    ASSERT_TRUE(tried) << tried.error().why.message();
    EXPECT_EQ(tried->pending(), 1U);
    EXPECT_TRUE(tried->prepare_check("select b from v"));
    EXPECT_EQ(ask("select count(*) from pragma_table_info('t')"), "1 ");
    three.push_back(script(3, "drop table nowhere"));
    const auto wrong = migration_rehearsal::run(url(), three);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().number, 3U);
}

TEST_F(the_migrations, are_tried_on_a_schema_with_virtual_tables_and_triggers) {
    stranger other{path_};
    other.run(
        "create virtual table search using fts5 (body); create table t (a);"
        "create trigger fill after insert on t begin insert into search values (new.a); end;"
        "create index by_a on t (a); create view seen as select a from t");
    const std::vector<migration> one{script(1, "alter table t add b")};
    const auto tried = migration_rehearsal::run(url(), one);
    ASSERT_TRUE(tried) << tried.error().why.message();
    EXPECT_TRUE(tried->prepare_check("select b from t, search where search match 'x'"));
}

}  // namespace
}  // namespace weir::inline v0::db
