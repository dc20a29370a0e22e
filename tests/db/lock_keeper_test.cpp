// The lock that a loop with many quick queries has kept: when it is held, and when not any more.
#include "db/lock_keeper.hpp"

#include <atomic>
#include <cstdarg>
#include <filesystem>
#include <functional>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "weir/io/blocking.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/sleep.hpp"

#include "house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

// What this process has asked the kernel for of locks, and has not given back, by SQLite's calls.
struct kernel_locks {
    std::atomic<int> calls = 0;
    // Of those that readers of a log take (SQLite's "WAL index": WAL_READ_LOCK).
    std::atomic<unsigned> of_readers = 0;
};
kernel_locks asked;

constexpr off_t first_readers_lock = 123, readers_locks = 5;

void note(const struct flock& lock) {
    ++asked.calls;
    if (lock.l_start < first_readers_lock || lock.l_start >= first_readers_lock + readers_locks)
        return;
    const unsigned bit = 1U << static_cast<unsigned>(lock.l_start - first_readers_lock);
    lock.l_type == F_RDLCK ? asked.of_readers |= bit : asked.of_readers &= ~bit;
}

// In the place of SQLite's fcntl(), which is given a pointer, a number or nothing.
int noted_fcntl(int file, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void* const argument = va_arg(rest, void*);
    va_end(rest);
    const int answer = ::fcntl(file, command, argument);
    if (command == F_SETLK && answer == 0) note(*static_cast<const struct flock*>(argument));
    return answer;
}

// SQLite's calls are exchanged for the whole process.
class noting {
public:
    noting() {
        asked.of_readers = 0;
        set(reinterpret_cast<sqlite3_syscall_ptr>(&noted_fcntl));
    }
    noting(const noting&) = delete;
    noting& operator=(const noting&) = delete;
    ~noting() { set(nullptr); }

private:
    static void set(sqlite3_syscall_ptr call) {
        sqlite3_vfs* const system = sqlite3_vfs_find("unix");
        system->xSetSystemCall(system, "fcntl", call);
    }
};

bool is_held() { return asked.of_readers != 0; }

// A file, and threads that open it.
class a_lock_keeper : public ::testing::Test {
protected:
    explicit a_lock_keeper(const char* mode = "pragma journal_mode=wal") {
        stranger_.run(mode);
        stranger_.run(
            "create table vendor(prefix integer primary key, name text);"
            "insert into vendor values(1, 'Apple')");
    }

    std::shared_ptr<lock_keeper> make() {
        sqlite_place place;
        place.path = path_;
        return std::make_shared<lock_keeper>(place, threads_);
    }
    // Until one turn had it kept.
    void open(lock_keeper& keeper) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (keeper.turns() == 0) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "never opened";
            keeper.keep_on(first_);
            first_.end_turn();
        }
        ASSERT_FALSE(is_held());
    }
    // Tries until it is: the lock is left free for as long as it was kept.
    void keep(lock_keeper& keeper, scheduler& loop) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        for (const std::uint64_t before = keeper.turns(); keeper.turns() == before;) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "never kept";
            keeper.keep_on(loop);
        }
        ASSERT_TRUE(is_held());
    }
    io::blocking_pool& threads() { return threads_; }
    stranger& other() { return stranger_; }
    const std::string& path() const { return path_; }

    scheduler first_;
    scheduler second_;

private:
    noting noting_;
    scratch_folder folder_;
    std::string path_ = folder_.file("network.db");
    stranger stranger_{path_};
    io::blocking_pool threads_{some_threads(1, 10)};
};

TEST_F(a_lock_keeper, keeps_it_to_the_end_of_a_turn) {
    const auto keeper = make();
    open(*keeper);
    keep(*keeper, first_);
    keeper->keep_on(first_);
    EXPECT_EQ(keeper->turns(), 2U) << "the same turn is not counted again";
    first_.end_turn();
    EXPECT_FALSE(is_held());
}

TEST_F(a_lock_keeper, keeps_it_until_the_last_loop_has_left) {
    const auto keeper = make();
    open(*keeper);
    keep(*keeper, first_);
    keep(*keeper, second_);
    first_.end_turn();
    EXPECT_TRUE(is_held());
    second_.end_turn();
    EXPECT_FALSE(is_held());
}

// Else two loops could fill each other's gaps for good.
TEST_F(a_lock_keeper, is_joined_by_nobody_once_one_has_left) {
    const auto keeper = make();
    open(*keeper);
    keep(*keeper, first_);
    keep(*keeper, second_);
    first_.end_turn();
    const std::uint64_t before = keeper->turns();
    for (int attempt = 0; attempt < 100; ++attempt) keeper->keep_on(first_);
    EXPECT_EQ(keeper->turns(), before);
    second_.end_turn();
    EXPECT_FALSE(is_held());
}

TEST_F(a_lock_keeper, leaves_it_free_for_as_long_as_it_was_kept) {
    const auto keeper = make();
    open(*keeper);
    keep(*keeper, first_);
    const auto kept_since = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() < kept_since + 20ms) std::this_thread::yield();
    const auto free_since = std::chrono::steady_clock::now();
    first_.end_turn();
    keep(*keeper, first_);
    EXPECT_GE(std::chrono::steady_clock::now() - free_since, free_since - kept_since);
    first_.end_turn();
}

TEST_F(a_lock_keeper, gives_it_back_where_it_is_closed_amid_a_turn) {
    auto keeper = make();
    open(*keeper);
    keep(*keeper, first_);
    keeper->close();
    EXPECT_FALSE(is_held());
    keeper.reset();
    first_.end_turn();
}

TEST_F(a_lock_keeper, is_gone_with_a_loop_that_ends_no_turn) {
    const auto keeper = make();
    open(*keeper);
    {
        io::loop loop{
            [](io::slab_pool& slabs) { return io::make_engine(io::engine_kind::automatic, slabs); },
            io::loop_options{}};
        keep(*keeper, loop.scheduler());
    }
    EXPECT_FALSE(is_held());
}

TEST_F(a_lock_keeper, waits_for_no_opening_that_has_not_begun) {
    const auto keeper = make();
    std::atomic<bool> goes_on = false;
    struct holding final : io::blocking_job {
        explicit holding(std::atomic<bool>& until) : until_{until} {}
        void work() noexcept override { until_.wait(false); }
        std::atomic<bool>& until_;
    };
    threads().run_unattended(*new holding{goes_on});
    keeper->keep_on(first_);
    keeper->close();
    goes_on = true;
    goes_on.notify_all();
    while (threads().busy() + threads().queued() > 0) std::this_thread::yield();
    keeper->keep_on(first_);
    EXPECT_EQ(keeper->turns(), 0U);
    EXPECT_FALSE(is_held());
}

TEST_F(a_lock_keeper, does_without_a_file_that_cannot_be_opened) {
    sqlite_place nowhere;
    nowhere.path = path() + "-not";
    const auto keeper = std::make_shared<lock_keeper>(nowhere, threads());
    for (int attempt = 0; attempt < 10; ++attempt) {
        keeper->keep_on(first_);
        while (threads().busy() + threads().queued() > 0) std::this_thread::yield();
    }
    EXPECT_EQ(keeper->turns(), 0U);
    keeper->close();
}

class a_lock_keeper_without_a_log : public a_lock_keeper {
protected:
    a_lock_keeper_without_a_log() : a_lock_keeper{"pragma journal_mode=delete"} {}
};

TEST_F(a_lock_keeper_without_a_log, keeps_no_writer_out) {
    const auto keeper = make();
    for (int attempt = 0; attempt < 10; ++attempt) {
        keeper->keep_on(first_);
        while (threads().busy() + threads().queued() > 0) std::this_thread::yield();
        other().run("begin exclusive; commit");
    }
    EXPECT_EQ(keeper->turns(), 0U);
}

// Through the database, as its users have it.

constexpr int many = 20;  // in one turn, and fewer than a loop lets anybody do in it
constexpr std::string_view name_by_key = "select name from vendor where prefix = :prefix";

// So many queries one after another; how often they asked the kernel for a lock.
task<result<int>> ask(database& database, int times) {
    const int before = asked.calls;
    const params bound{{"prefix", 1}};
    for (int at = 0; at < times; ++at) {
        auto session = co_await or_return(database.session());
        co_await or_return(session.query(name_by_key, bound));
    }
    co_return asked.calls - before;
}

// Until a turn in which the loop answers all, and keeps the lock: it ends in that turn. A machine
// that is busy makes a short run look long, and then a thread is asked.
task<result<>> ask_until_kept(database& database) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < deadline) {
        co_await yield();
        const database_stats before = database.stats();
        const int calls = co_await or_return(ask(database, many));
        const database_stats now = database.stats();
        const bool kept = now.lock_keeping_turns == before.lock_keeping_turns + 1;
        if (kept && now.on_loop == before.on_loop + many && calls < many) co_return result<>{};
    }
    co_return fail(errc::timed_out);
}

class a_busy_turn : public a_lock_keeper {
protected:
    a_busy_turn() : database_{"sqlite:" + path(), runtime_.blocking(), reading()} {}
    db::database& database() { return database_; }
    io::runtime& runtime() { return runtime_; }

private:
    static database_options reading() {
        database_options options;
        options.read_only = true;
        return options;
    }
    static io::runtime_options one_loop() {
        io::runtime_options options;
        options.loops = 1;
        return options;
    }

    io::runtime runtime_{one_loop()};
    db::database database_;
};

task<> keep_for_a_turn(database& database) {
    const auto kept = co_await ask_until_kept(database);
    EXPECT_TRUE(kept) << kept.error().message();
    EXPECT_TRUE(is_held());
    co_await yield();
    EXPECT_FALSE(is_held());
}

TEST_F(a_busy_turn, keeps_the_lock_from_query_to_query) {
    runtime().run(keep_for_a_turn(database()));
}

task<> ask_a_little(database& database) {
    EXPECT_TRUE(co_await ask_until_kept(database));
    const std::uint64_t before = database.stats().lock_keeping_turns;
    co_await yield();
    EXPECT_TRUE(co_await ask(database, 2));
    EXPECT_FALSE(is_held());
    EXPECT_EQ(database.stats().lock_keeping_turns, before);
}

TEST_F(a_busy_turn, is_none_that_has_little_to_do) { runtime().run(ask_a_little(database())); }

// Whether a loop answered all of them.
task<bool> write_between(database& database, stranger& other) {
    EXPECT_TRUE(co_await ask_until_kept(database));
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

TEST_F(a_busy_turn, keeps_no_query_from_seeing_what_was_written_before_it) {
    runtime().run(write_between_at_last(database(), other()));
}

task<> write_and_close(database database) {
    EXPECT_TRUE(co_await ask_until_kept(database));
    EXPECT_TRUE(co_await database.write("update vendor set name = 'Apple Inc.'"));
}

TEST_F(a_busy_turn, leaves_the_log_to_the_writer_to_write_back) {
    const std::string copy = path() + ".copy";
    other().run(("vacuum into '" + copy + "'").c_str());
    runtime().run(write_and_close(db::database{"sqlite:" + copy, runtime().blocking(), {}}));
    EXPECT_FALSE(std::filesystem::exists(copy + "-wal"));
}

}  // namespace
}  // namespace weir::inline v0::db
