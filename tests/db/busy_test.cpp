// Another process holds the lock.
#include <chrono>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

database_options patient_for(std::chrono::milliseconds time) {
    database_options options = creating();
    options.busy_timeout = time;
    return options;
}

class an_impatient_writer : public house {
protected:
    an_impatient_writer() : house{patient_for(60ms)} {}
};
class a_patient_writer : public house {
protected:
    a_patient_writer() : house{patient_for(60s)} {}
};

constexpr std::string_view insert = "insert into t values(1)";

TEST_F(an_impatient_writer, is_refused_as_overloaded_and_writes_again_later) {
    ASSERT_TRUE(write("create table t(x)"));
    stranger other{path()};
    other.run("begin immediate; insert into t values(2)");
    auto refused = write(insert);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), errc::overloaded);
    auto found = read("select count(*) from t");
    ASSERT_TRUE(found) << "readers are not kept out";
    other.run("rollback");
    EXPECT_TRUE(write(insert));
}

TEST_F(a_patient_writer, waits_no_longer_than_its_deadline) {
    ASSERT_TRUE(write("create table t(x)"));
    stranger other{path()};
    other.run("begin immediate");
    const auto wait = [](db::database& database) -> task<result<rows>> {
        auto session = co_await or_return(database.writer());
        co_return co_await with_timeout(50ms, session.query(insert));
    };
    const auto start = std::chrono::steady_clock::now();
    auto stopped = run(wait(database()));
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error(), errc::timed_out);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
    other.run("rollback");
    EXPECT_TRUE(write(insert));
}

task<result<>> keep_outcome(database& database, bool& written) {
    auto session = co_await or_return(database.writer());
    co_await or_return(session.query(insert));
    written = true;
    co_return result<>{};
}

task<> wait_for(database& database, stranger& other, bool& written) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    scope.spawn(keep_outcome(database, written));
    co_await sleep(100ms);
    EXPECT_FALSE(written);
    other.run("commit");
    co_await scope.join();
}

TEST_F(a_patient_writer, writes_as_soon_as_the_lock_is_free) {
    ASSERT_TRUE(write("create table t(x)"));
    stranger other{path()};
    other.run("begin immediate; insert into t values(2)");
    bool written = false;
    run(wait_for(database(), other, written));
    EXPECT_TRUE(written);
    EXPECT_EQ((*read("select count(*) from t"))[0][0].as_integer(), 2);
}

}  // namespace
}  // namespace weir::inline v0::db
