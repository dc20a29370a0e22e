// How old a connection may become, in a simulated network's time.
#include <map>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "weir/metrics/text.hpp"
#include "weir/service/service.hpp"
#include "weir/sim/engine.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/shielded.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

// Takes an hour, whoever stops it.
task<> ignore_the_stop() {
    auto nap = sleep(1h);
    (void)co_await shielded(1h, std::move(nap));
}

// Echoes what comes; "hang" begins an answer that takes an hour, "ignore" one that also takes it
// where it is stopped.
task<> echo_or_hang(net::connection& connection) {
    while (!connection.draining()) {
        if (auto more = co_await connection.fill(); !more) co_return;
        connection.set_in_message(true);
        if (as_text(connection.input()) == "hang") (void)co_await sleep(1h);
        if (as_text(connection.input()) == "ignore") co_await ignore_the_stop();
        connection.write(connection.input());
        connection.consume(connection.input().size());
        if (auto sent = co_await connection.flush(); !sent) co_return;
        connection.set_in_message(false);
    }
}

class connection_age : public testing::Test {
protected:
    service_options options() {
        service_options made;
        made.runtime.loops = 1;
        made.runtime.make_engine = [this](io::slab_pool& slabs) {
            return sim::make_engine(network_, slabs);
        };
        made.log_level = log_level::off;
        made.drain_timeout = 5s;
        made.max_connection_age = 10s;
        made.connections.idle_timeout = 1h;
        return made;
    }

    static std::string metrics_of(service& service) {
        std::string page;
        metrics::write_text(service.metrics().collect(), page);
        return page;
    }

    // Runs a peer of the service to its end, then drains.
    using peer = task<result<>> (*)(service& service, io::engine& engine);
    void run(service& service, peer talk) { service.runtime().run(serve_and_talk(service, talk)); }

    sim::network network_;

private:
    static task<result<>> talk_and_drain(service& service, peer talk) {
        while (!service.accepting()) co_await or_return(sleep(1ms));
        auto told = co_await talk(service, service.runtime().at(0).engine());
        service.drain();
        co_return std::move(told);
    }
    static task<> serve_and_talk(service& service, peer talk) {
        const auto [served, told] =
            co_await when_all(service.serve(service.runtime()), talk_and_drain(service, talk));
        EXPECT_TRUE(served.has_value()) << served.error().message();
        EXPECT_TRUE(told.has_value()) << told.error().message();
    }
};

// When the peer's stream ends, and how.
task<std::pair<errc, time_point>> end_of(io::engine& engine, io::transport& near) {
    errc how{};
    while (how == errc{}) how = co_await io::receive_error(near);
    co_return std::pair{how, engine.now()};
}

task<result<>> idles(service& service, io::engine& engine) {
    auto near = co_await or_return(io::dial(engine, service.local(0)));
    const time_point begun = engine.now();
    co_await or_return(sleep(8s));
    co_await or_return(io::send_text(*near, "still there"));
    const auto echoed = co_await or_return(io::receive_text(*near, 11));
    EXPECT_EQ(echoed, "still there");
    const auto [how, when] = co_await end_of(engine, *near);
    EXPECT_EQ(how, errc::end_of_stream);
    EXPECT_GE(when - begun, 9s) << "a tenth less at most";
    EXPECT_LE(when - begun, 10s + 1s + 1s + 10ms) << "a beat, and a second for one more request";
    co_return {};
}

TEST_F(connection_age, drains_a_connection_that_is_old_enough) {
    service service{options()};
    service.listen("127.0.0.1:0", echo_or_hang);
    run(service, idles);
    EXPECT_NE(metrics_of(service).find("closed_total{reason=\"finished\"} 1\n"), std::string::npos);
}

task<result<>> hangs(service& service, io::engine& engine) {
    auto old = co_await or_return(io::dial(engine, service.local(0)));
    const time_point begun = engine.now();
    co_await or_return(io::send_text(*old, "hang"));
    co_await or_return(sleep(8s));
    auto young = co_await or_return(io::dial(engine, service.local(0)));
    const auto [how, when] = co_await end_of(engine, *old);
    EXPECT_EQ(how, errc::reset);
    EXPECT_GE(when - begun, 14s) << "a tenth of the age less at most";
    EXPECT_LE(when - begun, 15s + 1s + 10ms);
    co_await or_return(io::send_text(*young, "unharmed"));
    const auto echoed = co_await or_return(io::receive_text(*young, 8));
    EXPECT_EQ(echoed, "unharmed");
    co_return {};
}

TEST_F(connection_age, cuts_off_what_is_in_flight_after_a_drains_time) {
    service service{options()};
    service.listen("127.0.0.1:0", echo_or_hang);
    run(service, hangs);
    EXPECT_NE(metrics_of(service).find("closed_total{reason=\"cut_off\"} 1\n"), std::string::npos);
}

task<result<>> ignores(service& service, io::engine& engine) {
    auto old = co_await or_return(io::dial(engine, service.local(0)));
    co_await or_return(io::send_text(*old, "ignore"));
    co_await or_return(sleep(14s + 900ms));
    EXPECT_EQ(service.open_connections(), 1U) << "it has the time of a drain, and a second";
    co_await or_return(sleep(3s));
    EXPECT_EQ(service.open_connections(), 0U);
    auto next = co_await or_return(io::dial(engine, service.local(0)));
    co_await or_return(io::send_text(*next, "its place"));
    const auto echoed = co_await or_return(io::receive_text(*next, 9));
    EXPECT_EQ(echoed, "its place");
    co_return {};
}

TEST_F(connection_age, names_and_destroys_a_handler_that_ignores_its_stop) {
    service_options wanted = options();
    wanted.max_connections = 1;
    wanted.log_level = log_level::error;
    service service{wanted};
    service.listen("127.0.0.1:0", echo_or_hang);
    testing::internal::CaptureStderr();
    run(service, ignores);
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("did not end when it was stopped"), std::string::npos) << log;
    EXPECT_EQ(log.find("did not end"), log.rfind("did not end")) << log;
    const std::string metrics = metrics_of(service);
    EXPECT_NE(metrics.find("closed_total{reason=\"destroyed\"} 1\n"), std::string::npos);
    EXPECT_NE(metrics.find("weir_connections_open 0\n"), std::string::npos);
}

task<result<>> note_end(io::engine& engine, io::transport& near, std::vector<time_point>& ends) {
    const auto [how, when] = co_await end_of(engine, near);
    EXPECT_EQ(how, errc::end_of_stream);
    ends.push_back(when);
    co_return {};
}

task<result<>> come_together(service& service, io::engine& engine) {
    std::vector<std::unique_ptr<io::transport>> all;
    for (int i = 0; i < 50; ++i) {
        auto near = co_await or_return(io::dial(engine, service.local(0)));
        all.push_back(std::move(near));
    }
    const time_point begun = engine.now();
    std::vector<time_point> ends;
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    for (const auto& near : all) scope.spawn(note_end(engine, *near, ends));
    co_await scope.join();
    std::map<std::int64_t, int> in_second;
    for (const time_point when : ends) {
        EXPECT_GE(when - begun, 900s);
        EXPECT_LE(when - begun, 1000s + 1s + 1s + 10ms);
        ++in_second[std::chrono::floor<std::chrono::seconds>(when - begun).count()];
    }
    for (const auto& [second, ended] : in_second) EXPECT_LE(ended, 5) << second << " s";
    co_return {};
}

TEST_F(connection_age, does_not_end_together_what_came_together) {
    service_options wanted = options();
    wanted.max_connection_age = 1000s;
    service service{wanted};
    service.listen("127.0.0.1:0", echo_or_hang);
    run(service, come_together);
    EXPECT_NE(metrics_of(service).find("closed_total{reason=\"finished\"} 50\n"),
              std::string::npos);
}

task<result<>> stays(service& service, io::engine& engine) {
    auto near = co_await or_return(io::dial(engine, service.local(0)));
    co_await or_return(sleep(50min));
    co_await or_return(io::send_text(*near, "old"));
    const auto echoed = co_await or_return(io::receive_text(*near, 3));
    EXPECT_EQ(echoed, "old");
    co_return {};
}

TEST_F(connection_age, has_no_limit_unless_one_is_set) {
    service_options wanted = options();
    wanted.max_connection_age = {};
    service service{wanted};
    service.listen("127.0.0.1:0", echo_or_hang);
    run(service, stays);
}

}  // namespace
}  // namespace weir::inline v0
