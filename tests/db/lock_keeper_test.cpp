// The lock that a loop with many quick queries has kept: when it is held, and when not any more.
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdarg>
#include <filesystem>
#include <functional>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "weir/io/run_on.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"

#include "house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

constexpr int many = 20;  // in one turn, and fewer than a loop lets anybody do in it
constexpr std::string_view name_by_key = "select name from vendor where prefix = :prefix";

std::atomic<int> lock_calls = 0;

// SQLite's own call, counted. It locks in no other way, and asks nothing else of this one but what
// takes a number or nothing.
int counted_fcntl(int file, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void* const argument = va_arg(rest, void*);
    va_end(rest);
    if (command == F_SETLK) ++lock_calls;
    return ::fcntl(file, command, argument);
}

// SQLite's calls are exchanged for the whole process.
class counting {
public:
    counting() { set(reinterpret_cast<sqlite3_syscall_ptr>(&counted_fcntl)); }
    counting(const counting&) = delete;
    counting& operator=(const counting&) = delete;
    ~counting() { set(nullptr); }

private:
    static void set(sqlite3_syscall_ptr call) {
        sqlite3_vfs* const system = sqlite3_vfs_find("unix");
        system->xSetSystemCall(system, "fcntl", call);
    }
};

// So many queries one after another; how often they asked the kernel for a lock.
task<result<int>> ask(database& database, int times) {
    const int before = lock_calls;
    const params bound{{"prefix", 1}};
    for (int at = 0; at < times; ++at) {
        auto session = co_await or_return(database.session());
        co_await or_return(session.query(name_by_key, bound));
    }
    co_return lock_calls - before;
}

// Until a turn in which the loop answers all, and the lock is held: it ends in that turn. A machine
// that is busy makes a short run look long, and then a thread is asked.
task<result<>> ask_until_held(database& database) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < deadline) {
        co_await yield();
        const std::uint64_t before = database.stats().on_loop;
        const int calls = co_await or_return(ask(database, many));
        if (database.stats().on_loop == before + many && calls < many) co_return result<>{};
    }
    co_return fail(errc::timed_out);
}

class a_kept_lock : public ::testing::Test {
protected:
    a_kept_lock() {
        stranger made{path()};
        made.run(
            "create table vendor(prefix integer primary key, name text);"
            "insert into vendor values(1, 'Apple')");
    }
    static database_options reading() {
        database_options options;
        options.read_only = true;
        return options;
    }
    const std::string& path() const { return path_; }
    std::string url() const { return "sqlite:" + path_; }

private:
    counting counting_;
    scratch_folder folder_;
    std::string path_ = folder_.file("network.db");
};

// Without a log, who writes needs the file for itself.
bool may_write(stranger& other) {
    try {
        other.run("begin exclusive; commit");
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

io::runtime_options of_loops(unsigned count) {
    io::runtime_options options;
    options.loops = count;
    return options;
}

task<> hold_for_a_turn(database& database, stranger& other) {
    const auto held = co_await ask_until_held(database);
    EXPECT_TRUE(held) << held.error().message();
    EXPECT_FALSE(may_write(other));
    co_await yield();
    EXPECT_TRUE(may_write(other));
}

TEST_F(a_kept_lock, is_held_to_the_end_of_a_busy_turn_and_no_longer) {
    io::runtime runtime{of_loops(1)};
    database database{url(), runtime.blocking(), reading()};
    stranger other{path()};
    runtime.run(hold_for_a_turn(database, other));
}

task<> ask_a_little(database& database, stranger& other) {
    EXPECT_TRUE(co_await ask_until_held(database));
    co_await yield();
    EXPECT_TRUE(co_await ask(database, 2));
    EXPECT_TRUE(may_write(other));
}

TEST_F(a_kept_lock, is_held_for_nobody_who_has_little_to_do) {
    io::runtime runtime{of_loops(1)};
    database database{url(), runtime.blocking(), reading()};
    stranger other{path()};
    runtime.run(ask_a_little(database, other));
}

// Whether a loop answered all of them.
task<bool> write_between(database& database, stranger& other) {
    EXPECT_TRUE(co_await ask_until_held(database));
    const std::uint64_t before = database.stats().on_loop;
    const params bound{{"prefix", 1}};
    for (const std::string name : {"Apple Inc.", "Apple Ltd.", "Apple"}) {
        other.run(("update vendor set name = '" + name + "'").c_str());
        auto session = co_await database.session();
        auto found = co_await session->query(name_by_key, bound);
        EXPECT_EQ((*found)[0][0].as_text(), name);
    }
    co_return database.stats().on_loop == before + 3;
}

task<> write_between_at_last(database& database, stranger& other) {
    for (int attempt = 0; attempt < 1000; ++attempt) {
        if (co_await write_between(database, other)) co_return;
    }
    ADD_FAILURE() << "never all three on the loop";
}

TEST_F(a_kept_lock, keeps_no_query_from_seeing_what_was_written_before_it) {
    io::runtime runtime{of_loops(1)};
    stranger other{path()};
    other.run("pragma journal_mode=wal");
    database database{url(), runtime.blocking(), reading()};
    runtime.run(write_between_at_last(database, other));
}

task<> close_amid_a_turn(database database, stranger& other) {
    EXPECT_TRUE(co_await ask_until_held(database));
    EXPECT_FALSE(may_write(other));
    {
        const db::database closed = std::move(database);
    }
    EXPECT_TRUE(may_write(other));
}

TEST_F(a_kept_lock, goes_with_its_database_amid_a_turn) {
    io::runtime runtime{of_loops(1)};
    stranger other{path()};
    runtime.run(close_amid_a_turn(database{url(), runtime.blocking(), reading()}, other));
}

task<> write_and_close(database database) {
    EXPECT_TRUE(co_await ask_until_held(database));
    EXPECT_TRUE(co_await database.write("update vendor set name = 'Apple Inc.'"));
}

TEST_F(a_kept_lock, leaves_the_log_to_the_writer_to_write_back) {
    io::runtime runtime{of_loops(1)};
    runtime.run(write_and_close(database{url(), runtime.blocking(), {}}));
    EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
}

// Two loops, step by step: neither goes on before the other has arrived.
struct two_loops {
    db::database& database;
    std::barrier<> step{2};
    io::loop& second;
};

// Keeps nothing from the end of its first turn on, since the other loop is still in it.
task<> come_again(two_loops& both, stranger& other) {
    EXPECT_TRUE(co_await ask_until_held(both.database));
    both.step.arrive_and_wait();  // held by one
    both.step.arrive_and_wait();  // and by the other
    EXPECT_TRUE(co_await ask_until_held(both.database));
    EXPECT_FALSE(may_write(other));
    both.step.arrive_and_wait();  // the other's turn may end
    both.step.arrive_and_wait();  // it has
    EXPECT_TRUE(may_write(other));
}

task<result<>> join(two_loops& both) {
    both.step.arrive_and_wait();
    EXPECT_TRUE(co_await ask_until_held(both.database));
    both.step.arrive_and_wait();
    both.step.arrive_and_wait();
    co_await yield();
    both.step.arrive_and_wait();
    co_return result<>{};
}

task<result<>> join_there(two_loops& both) {
    io::run_on running{both.second, join, std::ref(both)};
    co_return co_await std::move(running);
}

task<> meet(two_loops& both, stranger& other) {
    auto together = when_all(join_there(both), come_again(both, other));
    co_await std::move(together);
}

// Else two loops could fill each other's gaps, and who waits for the file would wait for good.
TEST_F(a_kept_lock, is_joined_by_nobody_once_one_has_left) {
    io::runtime runtime{of_loops(2)};
    database database{url(), runtime.blocking(), reading()};
    stranger other{path()};
    two_loops both{.database = database, .second = runtime.at(1)};
    runtime.run(meet(both, other));
}

}  // namespace
}  // namespace weir::inline v0::db
