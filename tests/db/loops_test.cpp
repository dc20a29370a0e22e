// One database, several loops: what thread sanitizers should look at.
#include <atomic>
#include <functional>

#include <gtest/gtest.h>

#include "weir/io/run_on.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

constexpr int rounds = 10;
constexpr int tasks = 8;

struct tally {
    std::atomic<int> written = 0;
    std::atomic<int> read = 0;
};

task<result<>> work(database& database, tally& done) {
    for (int round = 0; round < rounds; ++round) {
        {
            auto writer = co_await or_return(database.writer());
            co_await or_return(writer.query("insert into t values(1)"));
            // Every third leaves a transaction open for the desk.
            if (round % 3 == 0) {
                co_await or_return(writer.query("begin"));
                co_await or_return(writer.query("insert into t values(2)"));
            }
        }
        co_await or_return(database.write("insert into t values(1)"));
        ++done.written;
        const auto late =
            co_await with_timeout(50us * round, database.write("delete from t where x = 3"));
        if (!late) {
            EXPECT_EQ(late.error(), errc::timed_out) << late.error().message();
        }
        auto session = co_await or_return(database.session());
        auto stopped = co_await with_timeout(
            1ms, session.query("with recursive n(x) as (select 1 union all select x + 1 from n"
                               " where x < 100000) select count(*) from n"));
        if (!stopped) {
            EXPECT_EQ(stopped.error(), errc::timed_out);
        }
        co_await or_return(session.query("select count(*) from t"));
        ++done.read;
    }
    co_return result<>{};
}

task<result<>> work_on_this_loop(database& database, tally& done) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    for (int at = 0; at < tasks; ++at) scope.spawn(work(database, done));
    co_await scope.join();
    co_return result<>{};
}

task<result<>> work_there(io::loop& there, database& database, tally& done) {
    io::run_on running{there, work_on_this_loop, std::ref(database), std::ref(done)};
    co_return co_await std::move(running);
}

task<> work_on_all(io::runtime& runtime, database& database, tally& done) {
    auto create = co_await database.writer();
    EXPECT_TRUE(co_await create->query("create table t(x)"));
    create->release();
    auto both =
        when_all(work_there(runtime.at(1), database, done), work_on_this_loop(database, done));
    auto [there, here] = co_await std::move(both);
    EXPECT_TRUE(there);
    EXPECT_TRUE(here);
    auto session = co_await database.session();
    auto counted = co_await session->query("select count(*), count(distinct x) from t");
    EXPECT_EQ((*counted)[0][0].as_integer(), 2 * 2 * tasks * rounds);
    EXPECT_EQ((*counted)[0][1].as_integer(), 1) << "what was rolled back is gone";
}

TEST(a_database_of_two_loops, serves_both) {
    const scratch_folder folder;
    io::runtime_options options;
    options.loops = 2;
    io::runtime runtime{options};
    database_options slow = creating();
    slow.connections.max_size = 3;
    database database{"sqlite:" + folder.file("t.db"), runtime.blocking(), slow};
    tally done;
    runtime.run(work_on_all(runtime, database, done));
    EXPECT_EQ(done.written, 2 * tasks * rounds);
    EXPECT_EQ(done.read, 2 * tasks * rounds);
}

}  // namespace
}  // namespace weir::inline v0::db
