// When a connection that speaks frames is answered, or ended: on a clock that moves only when a
// test says so. Threads of the database run beside it, and are waited for while it stands still.

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/frame/framed.hpp"
#include "weir/sim/engine.hpp"
#include "weir/sim/network.hpp"
#include "weir/task/or_return.hpp"

#include "app/api/frames_api.hpp"
#include "app/config/config_fixture.hpp"
#include "app/data/database_check.hpp"
#include "db/house.hpp"
#include "frame/wire.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

constexpr auto slow_endpoint = R"TOML(
[[endpoint]]
name = "slow"
method = "GET"
path = "/slow"
sql = '''
with recursive counter (i) as (select 1 union all select i + 1 from counter)
select count(*) as n from counter'''
result = "row"
)TOML";
constexpr std::string_view hello = R"({"hello":{"protocol":"weir","version":1}})";

class frames_in_time : public ::testing::Test {
protected:
    void SetUp() override {
        db::stranger{path_}.run("create table vendor (prefix text, name text)");
        problems found{"t.toml"};
        auto served = check_endpoints(config_, database_, found);
        ASSERT_EQ(found.text(), "");
        data_.emplace(database_, log_, std::move(served), 30s);
        api_.emplace(*data_, config_, metrics_);
        scope_.spawn(open());
        turn_until([this] { return peer_ != nullptr; });
    }
    void TearDown() override {
        scope_.request_stop();
        turn_until([this] { return scope_.size() == 0; });
    }

    void say(std::string_view bytes) {
        ASSERT_NE(peer_, nullptr) << "it is over: " << last();
        peer_->write(as_bytes(bytes));
        peer_->start_flush();
        settle();
    }
    void reset() {
        peer_->abort();
        settle();
    }
    void say_frame(std::string_view payload) { say(frame::wire(payload)); }
    // Everything that can happen without time, happens.
    void settle() {
        for (int turns = 0; turns < 100; ++turns) loop_.turn(loop_.now());
    }
    void pass(duration time) {
        const time_point end = after(loop_.now(), time);
        while (loop_.now() < end) loop_.turn(end);
        settle();
    }
    // Of the threads; the clock stands still.
    template <class Done>
    void turn_until(Done done) {
        const auto patience = std::chrono::steady_clock::now() + 20s;
        while (!done()) {
            ASSERT_LT(std::chrono::steady_clock::now(), patience) << "heard: " << last();
            loop_.turn(loop_.now());
        }
    }
    std::string last() const { return heard_.empty() ? "nothing" : heard_.back(); }

    std::vector<std::string> heard_;  // after the hello
    bool over_ = false;               // the stream has ended

private:
    task<result<>> open() {
        auto listening = loop_.engine().listen(io::endpoint{}, io::listen_options{});
        const auto listener = co_await or_return(std::move(listening));
        auto near = co_await or_return(io::connect{loop_.engine(), listener->local()});
        auto far = co_await or_return(io::accept{*listener});
        scope_.spawn(serve(loop_.engine().adopt(std::move(far))));
        net::connection_options patient;
        patient.idle_timeout = 1h;
        net::connection peer{loop_.engine().adopt(std::move(near)), loop_, patient};
        peer_ = &peer;
        frame::framed frames{peer};
        for (auto frame = co_await frames.next(); frame; frame = co_await frames.next())
            if (!frame->text().starts_with(R"({"hello")")) heard_.emplace_back(frame->text());
        over_ = true;
        co_await peer.close();
        peer_ = nullptr;
        co_return {};
    }
    task<> serve(std::unique_ptr<io::transport> transport) {
        net::connection served{std::move(transport), loop_, options_};
        co_await api_->serve(served);
        co_await served.close();
    }
    static db::database_options options_of_database() {
        db::database_options options = db::creating();
        options.connections.max_size = 2;
        options.connections.acquire_timeout = 300ms;
        return options;
    }
    static io::loop_options options_of_loop() {
        io::loop_options options;
        options.assembly_bytes = std::size_t{4} * 1024 * 1024;
        return options;
    }

    test::scratch_folder folder_;
    std::string path_ = folder_.file("network.db");
    class log log_{"test", weir::log_level::off};
    metrics::registry metrics_{1};
    config config_ =
        config_of("service.loops = 1\n" + app::database + one_endpoint + slow_endpoint);
    net::connection_options options_;
    sim::network network_;

protected:
    io::loop loop_{[this](io::slab_pool& slabs) { return sim::make_engine(network_, slabs); },
                   options_of_loop()};

private:
    io::blocking_pool threads_{db::some_threads(8, 100)};

protected:
    db::database database_{"sqlite:" + path_, threads_, options_of_database()};

private:
    std::optional<data_service> data_;
    std::optional<frames_api> api_;
    net::connection* peer_ = nullptr;

protected:
    task_scope scope_{loop_.env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
};

TEST_F(frames_in_time, are_closed_without_a_word_where_no_hello_comes_within_10_s) {
    pass(10s - 1ms);
    EXPECT_FALSE(over_);
    pass(1ms);
    EXPECT_TRUE(over_);
    EXPECT_EQ(last(), "nothing");
}

TEST_F(frames_in_time, give_a_hello_that_has_begun_no_more_time) {
    const std::string begun = frame::wire(hello);
    for (std::size_t at = 0; at < 10; ++at) {
        say(std::string_view{begun}.substr(at, 1));
        EXPECT_FALSE(over_);
        pass(1s);
    }
    EXPECT_TRUE(over_);
    EXPECT_EQ(last(), "nothing");
}

TEST_F(frames_in_time, say_that_a_frame_which_has_begun_was_not_whole_within_60_s) {
    say_frame(hello);
    pass(30s);
    say(frame::prefix(100));
    for (int second = 0; second < 59; ++second) {
        pass(1s);
        say("x");
    }
    pass(1s - 1ms);
    EXPECT_EQ(last(), "nothing");
    pass(1ms);
    EXPECT_EQ(last(), R"({"id":null,"error":{"code":"timed_out","title":"It took too long",)"
                      R"("detail":"a frame that has begun must be whole within 60 s"}})");
    EXPECT_TRUE(over_);
}

TEST_F(frames_in_time, say_that_there_is_no_memory_for_the_rest_of_a_frame) {
    say_frame(hello);
    io::assembly_budget& budget = loop_.assemblies();
    const auto others = budget.try_take(budget.limit() - std::size_t{128} * 1024);
    ASSERT_TRUE(others);
    say(frame::prefix(1'000'000));
    for (int part = 0; part < 16 && !over_; ++part) say(std::string(std::size_t{32} * 1024, 'x'));
    EXPECT_EQ(last(),
              R"({"id":null,"error":{"code":"overloaded","title":"Too much to do; try again )"
              R"(later","detail":"there is no memory to read more"}})");
}

// At the limit of calls nothing is read that would tell.
TEST_F(frames_in_time, stop_the_calls_of_a_peer_that_resets_while_it_is_not_read) {
    say_frame(hello);
    for (int call = 0; call <= 32; ++call) {
        say_frame(R"({"id":)" + std::to_string(call) + R"(,"call":"slow"})");
    }
    turn_until([this] { return database_.stats().readers.in_use == 2; });
    reset();
    turn_until([this] { return database_.stats().readers.in_use == 0; });
    turn_until([this] { return scope_.size() == 0; });
}

TEST_F(frames_in_time, answer_a_call_whose_time_is_over) {
    say_frame(hello);
    say_frame(R"({"id":1,"call":"slow","timeout_ms":500})");
    turn_until([this] { return database_.stats().readers.in_use == 1; });
    pass(499ms);
    EXPECT_EQ(last(), "nothing");
    pass(1ms);
    turn_until([this] { return !heard_.empty(); });
    EXPECT_EQ(last(), R"({"id":1,"error":{"code":"timed_out","title":"It took too long"}})");
    pass(1s);
    EXPECT_FALSE(over_) << "the connection goes on";
}

TEST_F(frames_in_time, refuse_a_call_that_gets_no_connection_to_the_database_in_time) {
    say_frame(hello);
    say_frame(R"({"id":1,"call":"slow","timeout_ms":2000})");
    say_frame(R"({"id":2,"call":"slow","timeout_ms":2000})");
    turn_until([this] { return database_.stats().readers.in_use == 2; });
    say_frame(R"({"id":3,"call":"vendor","params":{"prefix":"x"}})");
    EXPECT_EQ(database_.stats().readers.waiting, 1U);
    pass(299ms);
    EXPECT_EQ(last(), "nothing");
    pass(1ms);
    EXPECT_EQ(last(),
              R"({"id":3,"error":{"code":"overloaded","title":"Too much to do; try again later",)"
              R"("detail":"no connection to the database came free in time"}})");
    pass(1700ms);
    turn_until([this] { return heard_.size() == 3; });
    EXPECT_NE(last().find("timed_out"), std::string::npos);
}

}  // namespace
}  // namespace weir::app
