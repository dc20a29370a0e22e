// Whole runs against a server in the same simulated world, whose clock takes no time.
#include "app/load/load_run.hpp"

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

#include "app/load/http_script.hpp"
#include "io/world.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

// Answers each request with the same bytes, from a loop that may be told to stall.
struct server {
    explicit server(io::loop& on) : loop{&on} {}

    io::loop* loop;
    std::string answer{good};
    duration work = 1ms;                            // before each batch of answers
    time_point stalls_at = never;                   // from then on, for 500 ms, it answers nothing
    std::size_t answers_at_most = ~std::size_t{0};  // of a connection; then it closes
    net::connection_options options;
    std::size_t connections = 0;  // that came
};

std::size_t take_requests(net::connection& connection) {
    const std::string_view input = as_text(connection.input());
    std::size_t count = 0;
    std::size_t used = 0;
    for (auto end = input.find("\r\n\r\n"); end != std::string_view::npos;
         end = input.find("\r\n\r\n", used)) {
        used = end + 4;
        ++count;
    }
    connection.consume(used);
    return count;
}

task<> serve(server& with, std::unique_ptr<io::transport> peer) {
    net::connection connection{std::move(peer), *with.loop, with.options};
    std::size_t left = with.answers_at_most;
    ++with.connections;
    if (left == 0) co_return;
    while (left > 0 && co_await connection.fill()) {
        co_await sleep(with.work);
        const time_point now = with.loop->now();
        if (now >= with.stalls_at && now < with.stalls_at + 500ms)
            co_await sleep_until(with.stalls_at + 500ms);
        std::size_t count = std::min(left, take_requests(connection));
        left -= count;
        for (; count > 0; --count) connection.write(as_bytes(with.answer));
        connection.start_flush();
    }
    co_await connection.close();
}

task<> accept_all(server& with, io::listener& from, task_scope& scope) {
    for (;;) {
        auto peer = co_await io::take(with.loop->engine(), from);
        if (!peer) co_return;
        scope.spawn(serve(with, std::move(*peer)));
    }
}

class load_run_test : public testing::Test {
protected:
    void SetUp() override {
        options_.connections = 4;
        options_.warm_up = 200ms;
        options_.length = 5s;
        options_.timeout = 2s;
        options_.spins = false;  // the simulated clock moves only while the loop waits
    }

    const tally& carry_out() {
        world_.run(both());
        return *counted_;
    }

    task<result<>> both() {
        auto listener = co_await or_return(io::listen_here(world_.engine()));
        task_scope scope{world_.loop().env(), [](const error&) {}};
        scope.spawn(accept_all(server_, *listener, scope));
        options_.to = refuse_ ? io::endpoint::ipv4({127, 0, 0, 1}, 1) : listener->local();
        load_run run{world_.loop(), options_, *script_};
        const auto watch = [this](const load_moment& now) {
            return now.warming_up || now.since_begin < stop_after_;
        };
        co_await run.carry_out(watch, [] {});
        counted_ = run.counted();
        measured_ = run.measured();
        scope.request_stop();
        co_await scope.join();
        co_return {};
    }

    io::engine_world world_{"sim", 256};
    server server_{world_.loop()};
    load_options options_;
    std::unique_ptr<http_script> script_ =
        http_script::read({"http://127.0.0.1:1/", "", {}, ""}).value();
    bool refuse_ = false;
    duration stop_after_ = 1h;
    std::optional<tally> counted_;
    duration measured_{};
};

TEST_F(load_run_test, keeps_every_connection_busy_in_a_closed_loop) {
    const tally& counted = carry_out();
    EXPECT_EQ(measured_, 5s);
    EXPECT_NEAR(static_cast<double>(counted.answers()), 4 * 5000, 4 * 300);
    EXPECT_EQ(counted.errors(), 0U);
    EXPECT_EQ(counted.bytes(), counted.answers() * good.size());
    EXPECT_GE(counted.latencies().percentile(50), 1ms);
    EXPECT_LE(counted.latencies().percentile(99), 3ms);
}

TEST_F(load_run_test, keeps_so_many_in_flight_as_it_was_told) {
    options_.depth = 8;
    EXPECT_NEAR(static_cast<double>(carry_out().answers()), 8 * 4 * 5000, 8 * 4 * 300);
}

TEST_F(load_run_test, sends_at_a_constant_rate_in_an_open_loop) {
    options_.rate = 400;
    const tally& counted = carry_out();
    EXPECT_NEAR(static_cast<double>(counted.answers()), 400 * 5, 2);
    EXPECT_EQ(counted.errors(), 0U);
    EXPECT_LE(counted.latencies().largest(), 5ms);
}

// Coordinated omission: the stall holds up each of the 200 requests that were due in it.
TEST_F(load_run_test, shows_a_stall_in_the_percentiles_of_an_open_loop) {
    options_.rate = 400;
    server_.stalls_at = world_.loop().now() + 2s;
    const tally& counted = carry_out();
    EXPECT_NEAR(static_cast<double>(counted.answers()), 400 * 5, 2) << "none is left out";
    EXPECT_GE(counted.latencies().percentile(99), 400ms);
    EXPECT_GE(counted.latencies().percentile(95), 200ms);
    EXPECT_LE(counted.latencies().percentile(85), 50ms);
    EXPECT_LE(counted.latencies().largest(), 520ms);
}

// The same stall holds up no more than the requests that happen to be in flight.
TEST_F(load_run_test, hides_a_stall_from_the_percentiles_of_a_closed_loop) {
    server_.stalls_at = world_.loop().now() + 2s;
    const tally& counted = carry_out();
    EXPECT_LE(counted.latencies().percentile(99.9), 5ms);
    EXPECT_GE(counted.latencies().largest(), 490ms);
}

TEST_F(load_run_test, tells_what_an_open_loop_could_not_send) {
    options_.rate = 8000;  // twice what four connections get
    const tally& counted = carry_out();
    EXPECT_GT(counted.unsent(), 10'000U);
    EXPECT_NEAR(static_cast<double>(counted.answers() + counted.unsent()), 8000 * 5, 10);
    EXPECT_GE(counted.latencies().percentile(50), 500ms);
}

TEST_F(load_run_test, counts_refusals_by_status) {
    server_.answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    const tally& counted = carry_out();
    EXPECT_EQ(counted.good(), 0U);
    EXPECT_EQ(counted.refusals().at("status 503"), counted.answers());
    EXPECT_EQ(counted.errors(), counted.answers());
}

TEST_F(load_run_test, counts_connections_that_do_not_come_about) {
    refuse_ = true;
    const tally& counted = carry_out();
    EXPECT_EQ(counted.answers(), 0U);
    EXPECT_NEAR(static_cast<double>(counted.failures(failure::connect)), 4 * 50, 8);
}

TEST_F(load_run_test, connects_again_where_the_server_closes_and_counts_what_had_no_answer) {
    server_.answers_at_most = 10;
    const tally& counted = carry_out();
    EXPECT_GT(counted.answers(), 1000U);
    EXPECT_GT(counted.failures(failure::closed_early), 0U);
    EXPECT_LE(counted.failures(failure::closed_early), counted.answers() / 10 + 4);
}

TEST_F(load_run_test, takes_a_server_that_says_it_closes_at_its_word) {
    server_.answers_at_most = 1;
    server_.answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const tally& counted = carry_out();
    EXPECT_GT(counted.answers(), 1000U);
    EXPECT_EQ(counted.errors(), 0U);
}

TEST_F(load_run_test, gives_a_request_its_timeout_and_no_more) {
    options_.timeout = 300ms;
    server_.work = 10s;
    const tally& counted = carry_out();
    EXPECT_EQ(counted.answers(), 0U);
    EXPECT_NEAR(static_cast<double>(counted.failures(failure::timed_out)), 4 * 5 / (0.3 + 0.1), 8);
}

TEST_F(load_run_test, ends_a_connection_that_does_not_speak_http) {
    server_.answer = "hello\r\n";
    const tally& counted = carry_out();
    EXPECT_EQ(counted.answers(), 0U);
    EXPECT_GT(counted.failures(failure::malformed), 100U);
    EXPECT_LE(counted.failures(failure::malformed), 4 * 50U) << "the next one is 100 ms later";
}

TEST_F(load_run_test, does_not_flood_a_server_that_closes_before_anything_was_sent) {
    options_.rate = 1;
    server_.answers_at_most = 0;
    carry_out();
    EXPECT_GE(server_.connections, 4U);
    EXPECT_LE(server_.connections, 4 * 53U);
}

TEST_F(load_run_test, ends_early_where_its_watcher_says_so) {
    stop_after_ = 1s;
    const tally& counted = carry_out();
    EXPECT_GE(measured_, 1s);
    EXPECT_LE(measured_, 1200ms);
    EXPECT_GT(counted.answers(), 3000U);
}

}  // namespace
}  // namespace weir::app
