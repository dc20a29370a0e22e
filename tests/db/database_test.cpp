#include "weir/db/database.hpp"

#include <fstream>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "weir/db/database_metrics.hpp"
#include "weir/metrics/text.hpp"

#include "house.hpp"

namespace weir::inline v0::db {
namespace {

class opening : public ::testing::Test {
protected:
    error refusal(const std::string& url, const database_options& options = {}) {
        auto opened = database::open(url, threads_, options);
        if (opened) return error{errc::internal, "it was opened"};
        return std::move(opened.error());
    }

    scratch_folder folder_;
    io::blocking_pool threads_{io::blocking_options{}};
};

TEST_F(opening, of_a_missing_file_says_so_and_makes_none) {
    const std::string path = folder_.file("missing.db");
    const error why = refusal("sqlite:" + path);
    EXPECT_EQ(why, errc::not_found);
    EXPECT_EQ(why.message(), "database " + path + ": no such file");
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(opening, of_a_file_that_is_no_database_says_so) {
    const std::string path = folder_.file("text.db");
    std::ofstream{path} << std::string(4096, 'x');
    const error why = refusal("sqlite:" + path);
    EXPECT_EQ(why, errc::storage);
    EXPECT_EQ(why.message(), "database " + path + ": file is not a database");
}

TEST_F(opening, refuses_other_engines_and_databases_in_memory) {
    EXPECT_EQ(refusal("postgresql://host/db"), errc::unsupported);
    EXPECT_EQ(refusal("network.db"), errc::unsupported);
    EXPECT_EQ(refusal("sqlite::memory:"), errc::unsupported);
    EXPECT_EQ(refusal("sqlite:"), errc::invalid_argument);
}

TEST_F(opening, throws_from_the_constructor_what_open_answers) {
    const std::string url = "sqlite:" + folder_.file("missing.db");
    EXPECT_THROW((database{url, threads_}), std::runtime_error);
}

TEST_F(opening, puts_the_file_into_wal_mode_and_leaves_no_log_behind) {
    const std::string path = folder_.file("new.db");
    {
        const database made{"sqlite:" + path, threads_, creating()};
    }
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
    std::ifstream file{path, std::ios::binary};
    file.seekg(18);
    EXPECT_EQ(file.get(), 2) << "the file format's version says WAL";
}

TEST_F(opening, gives_up_in_time_where_somebody_reads_what_is_not_in_wal_mode_yet) {
    const std::string path = folder_.file("read.db");
    stranger reader{path};
    reader.run("create table t(x); insert into t values(1); begin; select * from t");
    database_options options;
    options.busy_timeout = std::chrono::milliseconds{50};
    const auto start = std::chrono::steady_clock::now();
    const auto opened = database::open("sqlite:" + path, threads_, options);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), errc::overloaded) << opened.error().message();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{1});
}

TEST_F(opening, waits_for_another_that_opens_the_same_new_file) {
    for (int round = 0; round < 100; ++round) {
        const std::string url = "sqlite:" + folder_.file(std::to_string(round));
        std::latch start{2};
        std::string refused;
        const auto open = [&] {
            start.arrive_and_wait();
            auto opened = database::open(url, threads_, creating());
            return opened ? std::string{} : opened.error().message();
        };
        std::thread other{[&] { refused = open(); }};
        EXPECT_EQ(open(), "");
        other.join();
        EXPECT_EQ(refused, "");
    }
}

class a_database : public house {};

TEST_F(a_database, is_durable_in_its_writer_and_checks_foreign_keys) {
    auto synchronous = write("pragma synchronous");
    ASSERT_TRUE(synchronous) << synchronous.error().message();
    EXPECT_EQ((*synchronous)[0][0].as_integer(), 2) << "FULL";
    EXPECT_EQ((*write("pragma foreign_keys"))[0][0].as_integer(), 1);
    EXPECT_EQ((*write("pragma journal_mode"))[0][0].as_text(), "wal");
}

TEST_F(a_database, tells_about_a_statement_without_running_it) {
    ASSERT_TRUE(write("create table vendor(prefix text, name text)"));
    auto info = database().prepare_check(
        "select name, prefix as p from vendor"
        " where prefix = :prefix or name = :name limit :limit");
    ASSERT_TRUE(info) << info.error().message();
    EXPECT_EQ(info->parameters, (std::vector<std::string>{"prefix", "name", "limit"}));
    EXPECT_EQ(info->columns, (std::vector<std::string>{"name", "p"}));
    EXPECT_TRUE(info->readonly);
    auto insert = database().prepare_check("insert into vendor values(:prefix, :name)");
    ASSERT_TRUE(insert) << insert.error().message();
    EXPECT_FALSE(insert->readonly);
    EXPECT_TRUE(insert->columns.empty());
    EXPECT_EQ((*read("select count(*) from vendor"))[0][0].as_integer(), 0);
}

TEST_F(a_database, refuses_bad_sql_with_the_engines_message_and_place) {
    auto table = database().prepare_check("select name from vendr");
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error(), errc::invalid_argument);
    EXPECT_EQ(table.error().text(), "no such table: vendr");
    auto syntax = database().prepare_check("select 1 frm x y");
    ASSERT_FALSE(syntax);
    EXPECT_EQ(syntax.error().text(), "near \"x\": syntax error at offset 13");
    // SQLite would take it for the string it looks like.
    EXPECT_FALSE(database().prepare_check("select \"nmae\" from sqlite_schema"));
    EXPECT_FALSE(database().prepare_check("select 1; select 2"));
    EXPECT_FALSE(database().prepare_check("-- nothing"));
}

TEST_F(a_database, refuses_a_statement_with_more_parameters_than_a_query_takes) {
    std::string sql = "select 1 where 1 in (:p0";
    for (std::size_t at = 1; at <= params::capacity; ++at) sql += ", :p" + std::to_string(at);
    auto info = database().prepare_check(sql + ")");
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error(), errc::too_large);
}

// A caller that gets not_found for its answer is told that what it asked for is not there.
TEST_F(a_database, whose_file_is_gone_has_failed_and_not_its_caller) {
    std::filesystem::rename(path(), path() + ".gone");
    for (const auto& answer : {read("select 1"), write("create table t(x)")}) {
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error(), errc::storage);
        EXPECT_EQ(answer.error().message(), "database " + path() + ": no such file");
    }
    std::filesystem::rename(path() + ".gone", path());
    EXPECT_TRUE(read("select 1"));
}

TEST_F(a_database, that_is_read_only_has_no_writer) {
    ASSERT_TRUE(write("create table t(x)"));
    database_options options;
    options.read_only = true;
    db::database other{"sqlite:" + path(), threads(), options};
    auto refused = run(write_once(other, "insert into t values(1)"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), errc::unsupported);
    EXPECT_EQ((*run(read_once(other, "select count(*) from t")))[0][0].as_integer(), 0);
}

TEST_F(a_database, shows_its_numbers_to_a_registry) {
    metrics::registry registry{1};
    const database_metrics shown{registry, database()};
    ASSERT_TRUE(read("select 1"));
    std::string text;
    metrics::write_text(registry, text);
    EXPECT_NE(text.find("weir_db_connections{role=\"reader\",state=\"idle\"} 1"), std::string::npos)
        << text;
    EXPECT_NE(text.find("weir_db_waiting{role=\"writer\"} 0"), std::string::npos) << text;
    EXPECT_NE(text.find("weir_db_statements_prepared_total 1"), std::string::npos) << text;
    EXPECT_NE(text.find("weir_db_loop_queries_total 0"), std::string::npos) << text;
}

}  // namespace
}  // namespace weir::inline v0::db
