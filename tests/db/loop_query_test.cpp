// Queries that a loop answers by itself: which may, and what becomes of one that cannot.
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/uio.h>
#include <unistd.h>

#include "weir/base/unique_fd.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view by_key = "select length(name) from vendor where prefix = :prefix";
// Takes as many steps as it is asked for, and some; few cost no more than by_key.
constexpr std::string_view counting_up = "select count(i) from number where i <= :last";
constexpr std::string_view numbers =
    "with n(i) as (select 1 union all select i + 1 from n where i < 10000)"
    " insert into number select i from n";

class a_loop_query : public house {
protected:
    // One connection: what it has seen of a statement, all have.
    a_loop_query() : house{one_reader()} {}
    static database_options one_reader() {
        database_options options = creating();
        options.connections.max_size = 1;
        return options;
    }
    void SetUp() override {
        ASSERT_TRUE(write("create table vendor(prefix integer primary key, name blob)"));
        ASSERT_TRUE(write("insert into vendor values(1, 'Apple')"));
        ASSERT_TRUE(write("create table number(i integer primary key)"));
        ASSERT_TRUE(write(numbers));
    }
    std::uint64_t on_loop() { return database().stats().on_loop; }

    void count_to(int last) {
        auto found = read(counting_up, params{{"last", last}});
        ASSERT_TRUE(found) << found.error().message();
        ASSERT_EQ((*found)[0][0].as_integer(), last);
    }
    void look_up(int prefix, std::int64_t length) {
        auto found = read(by_key, params{{"prefix", prefix}});
        ASSERT_TRUE(found) << found.error().message();
        ASSERT_EQ((*found)[0][0].as_integer(), length);
    }
    // Repeats until a loop has answered. A machine that is busy may make a short run look long.
    template <class Run>
    void settle(Run once) {
        const std::uint64_t before = on_loop();
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (on_loop() == before) {
            once();
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "never ran on the loop";
        }
    }
};

TEST_F(a_loop_query, has_ended_soon_on_threads_before) {
    for (int at = 0; at < 10; ++at) look_up(1, 5);
    EXPECT_EQ(on_loop(), 0U);
    settle([this] { look_up(1, 5); });
}

TEST_F(a_loop_query, sees_what_has_been_written_just_before) {
    settle([this] { look_up(1, 5); });
    for (int length = 1; length < 20; ++length) {
        ASSERT_TRUE(write("update vendor set name = zeroblob(:n)", params{{"n", length}}));
        look_up(1, length);
    }
}

TEST_F(a_loop_query, is_none_that_takes_many_steps) {
    for (int at = 0; at < 40; ++at) count_to(10'000);
    EXPECT_EQ(on_loop(), 0U);
}

TEST_F(a_loop_query, goes_to_a_thread_where_it_takes_more_steps_than_before) {
    settle([this] { count_to(3); });
    const std::uint64_t before = on_loop();
    count_to(10'000);
    EXPECT_EQ(on_loop(), before);
    for (int at = 0; at < 20; ++at) count_to(3);
    EXPECT_EQ(on_loop(), before) << "it has to earn it again";
    settle([this] { count_to(3); });
}

// A statement of few steps, each of which takes long.
TEST_F(a_loop_query, goes_to_a_thread_where_its_values_are_long) {
    ASSERT_TRUE(
        write("with n(i) as (select 2 union all select i + 1 from n where i < 40)"
              " insert into vendor select i, zeroblob(100000) from n"));
    constexpr std::string_view all =
        "select sum(length(hex(name))) from vendor where prefix < :end";
    settle([&] { ASSERT_TRUE(read(all, params{{"end", 2}})); });
    const std::uint64_t before = on_loop();
    auto found = read(all, params{{"end", 100}});
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ((*found)[0][0].as_integer(), 10 + 39 * 200'000);
    EXPECT_EQ(on_loop(), before);
}

task<> count_turns(std::uint64_t& turns, const bool& done) {
    while (!done) {
        ++turns;
        co_await yield();
    }
}

// Until so many were answered by the loop itself: a machine that is busy makes short runs look
// long, and these go to threads. How many came one after another without a turn for others.
task<result<int>> ask_until(database& database, std::uint64_t on_loop, const std::uint64_t& turns) {
    const params bound{{"prefix", 1}};
    int in_a_row = 0, longest = 0;
    for (std::uint64_t turn = turns; database.stats().on_loop < on_loop; ++in_a_row) {
        auto session = co_await or_return(database.session());
        co_await or_return(session.query(by_key, bound));
        if (std::exchange(turn, turns) != turns) in_a_row = 0;
        longest = std::max(longest, in_a_row);
    }
    co_return longest;
}

task<result<int>> longest_without_a_turn(database& database, std::uint64_t on_loop) {
    const environment& env = co_await this_env{};
    std::uint64_t turns = 0;
    bool done = false;
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    scope.spawn(count_turns(turns, done));
    auto longest = co_await with_timeout(60s, ask_until(database, on_loop, turns));
    done = true;
    co_await scope.join();
    co_return longest;
}

TEST_F(a_loop_query, lets_others_have_their_turn) {
    settle([this] { look_up(1, 5); });
    const auto longest = run(longest_without_a_turn(database(), on_loop() + 1000));
    ASSERT_TRUE(longest.has_value());
    EXPECT_LT(*longest, 100);
}

TEST_F(a_loop_query, goes_to_a_thread_for_a_long_value) {
    constexpr int long_name = 1'000'000;
    ASSERT_TRUE(write("insert into vendor values(2, zeroblob(:n))", params{{"n", long_name}}));
    constexpr std::string_view whole = "select name from vendor where prefix = :prefix";
    settle([&] { ASSERT_TRUE(read(whole, params{{"prefix", 1}})); });
    const std::uint64_t before = on_loop();
    auto found = read(whole, params{{"prefix", 2}});
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ((*found)[0][0].as_blob().size(), static_cast<std::size_t>(long_name));
    EXPECT_EQ(on_loop(), before);
}

TEST_F(a_loop_query, is_only_a_select) {
    for (int at = 0; at < 40; ++at) ASSERT_TRUE(read("pragma page_size"));
    for (int at = 0; at < 40; ++at) ASSERT_TRUE(read("explain select 1"));
    EXPECT_EQ(on_loop(), 0U);
}

task<result<>> ask_in_transaction(database& database) {
    auto session = co_await or_return(database.session());
    co_await or_return(session.query("begin"));
    co_await or_return(session.query("select 1"));
    EXPECT_TRUE(session.in_transaction());
    co_await or_return(session.query("commit"));
    co_return result<>{};
}

TEST_F(a_loop_query, is_none_within_a_transaction) {
    settle([this] { ASSERT_TRUE(read("select 1")); });
    const std::uint64_t before = on_loop();
    ASSERT_TRUE(run(ask_in_transaction(database())));
    EXPECT_EQ(on_loop(), before);
}

TEST_F(a_loop_query, fails_as_on_a_thread) {
    constexpr std::string_view parsing = "select json_extract(:text, '$.a')";
    settle([&] { ASSERT_TRUE(read(parsing, params{{"text", "{}"}})); });
    const auto bad = read(parsing, params{{"text", "{"}});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error(), errc::invalid_argument);
    const auto missing = read(parsing);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), errc::invalid_argument);
}

task<result<rows>> ask_for_at_most(database& database, duration wait) {
    auto session = co_await or_return(database.session());
    const params bound{{"prefix", 1}};
    co_return co_await with_timeout(wait, session.query(by_key, bound));
}

// Without a log, who writes keeps readers out. A loop that waited for it could not end the wait.
TEST_F(a_loop_query, waits_for_a_lock_on_a_thread) {
    const std::string file = folder().file("journal.db");
    stranger other{file};
    other.run(
        "create table vendor(prefix integer primary key, name blob);"
        "insert into vendor values(1, 'Apple')");
    database_options reading = one_reader();
    reading.read_only = true;
    db::database locked{"sqlite:" + file, threads(), reading};
    for (int at = 0; locked.stats().on_loop == 0; ++at) {
        ASSERT_LT(at, 10'000) << "never ran on the loop";
        ASSERT_TRUE(run(ask_for_at_most(locked, 10s)));
    }
    other.run("begin exclusive");
    const auto kept_out = run(ask_for_at_most(locked, 50ms));
    ASSERT_FALSE(kept_out);
    EXPECT_EQ(kept_out.error(), errc::timed_out);
    other.run("commit");
    EXPECT_TRUE(run(ask_for_at_most(locked, 10s)));
}

bool is_in_memory(int file, off_t offset) {
    std::array<char, 16> some{};
    const iovec into{some.data(), some.size()};
    return ::preadv2(file, &into, 1, offset, RWF_NOWAIT) == static_cast<ssize_t>(some.size());
}

class a_cold_file : public a_loop_query {
protected:
    static constexpr int names = 4000;

    void SetUp() override {
        a_loop_query::SetUp();
        ASSERT_TRUE(
            write("with n(i) as (select 2 union all select i + 1 from n where i < 4000)"
                  " insert into vendor select i, zeroblob(3000) from n"));
        stranger{path()}.run("pragma wal_checkpoint(truncate)");
        file_.reset(::open(path().c_str(), O_RDONLY | O_CLOEXEC));
        ASSERT_EQ(::fsync(file_.get()), 0);
    }
    // False where the file system keeps all in memory.
    bool make_cold() {
        return ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_DONTNEED) == 0 &&
               !is_in_memory(file_.get(), ::lseek(file_.get(), 0, SEEK_END) / 2);
    }

private:
    unique_fd file_;
};

TEST_F(a_cold_file, is_read_on_a_thread) {
    constexpr std::string_view start =
        "select hex(substr(name, 1, 2)) from vendor"
        " where prefix = :prefix";
    settle([&] { ASSERT_TRUE(read(start, params{{"prefix", 1}})); });
    if (!make_cold()) GTEST_SKIP() << "the file system keeps it in memory";
    const std::uint64_t before = on_loop();
    auto found = read(start, params{{"prefix", names / 2}});
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ((*found)[0][0].as_text(), "0000");
    EXPECT_EQ(on_loop(), before);
    settle([&] { ASSERT_TRUE(read(start, params{{"prefix", names / 2}})); });
}

}  // namespace
}  // namespace weir::inline v0::db
