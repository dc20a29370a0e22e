// Slow and silent peers, over a clock that moves only when nothing else can happen.
#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/shielded.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_time_test : public house_test {
protected:
    time_point now() { return house_->loop().now(); }
};

INSTANTIATE_TEST_SUITE_P(over, server_time_test, testing::Values("sim", "sim_far", "memory"),
                         io::name_of);

server make_server(const server_options& options) {
    router routes;
    routes.route("GET", "/hello", hello).route("POST", "/echo", echo);
    return serve(std::move(routes), options);
}

// Sends a piece, again and again, ten times a second, until the server has had enough.
task<result<>> drip(io::transport& near, std::string first, std::string piece, std::string& got) {
    auto sent = co_await send(near, first);
    while (sent) {
        auto next = co_await with_timeout(100ms, io::receive_chunk{near});
        if (next) {
            got += next->text();
            got += co_await or_return(receive_rest(near));
            co_return {};
        }
        if (next.error() != errc::timed_out) co_return {};
        sent = co_await send(near, piece);
    }
    co_return {};
}

// BEHAVIOUR.md, "slow headers".
TEST_P(server_time_test, answers_408_to_a_head_that_is_too_slow_and_no_byte_extends_the_deadline) {
    server_options options;
    options.head_timeout = 1s;
    const time_point start = now();
    std::string got;
    house_->converse(make_server(options), [&](io::transport& near) {
        return drip(near, "GET /hello HTTP/1.1\r\nHost: ", "h", got);
    });
    const auto replies = replies_in(got);
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].status, 408);
    EXPECT_EQ(replies[0].fields.at("connection"), "close");
    EXPECT_GE(now() - start, 1s);
    EXPECT_LT(now() - start, 1500ms);
}

// BEHAVIOUR.md, "idle keep-alive".
TEST_P(server_time_test, closes_an_idle_connection_without_a_word) {
    house_->connections.idle_timeout = 2s;
    const time_point start = now();
    const auto replies =
        replies_in(house_->ask_and_stay(make_server(server_options{}), get("/hello")));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].status, 200);
    EXPECT_GE(now() - start, 2s);
    EXPECT_LT(now() - start, 2500ms);
    EXPECT_EQ(house_->ask_and_stay(make_server(server_options{}), ""), "");
    EXPECT_EQ(house_->ask_and_stay(make_server(server_options{}), "\r"), "");
    EXPECT_EQ(house_->ask_and_stay(make_server(server_options{}), "\r\n"), "");
}

// BEHAVIOUR.md, Process, "the wall clock jumping a year".
TEST_P(server_time_test, keeps_its_deadlines_where_the_wall_clock_jumps_a_year) {
    constexpr std::int64_t year = std::int64_t{365 * 24} * 3600 * 1'000'000'000;
    for (const std::int64_t jump : {year, -year}) {
        std::int64_t wall = 2 * year;
        server_options options;
        options.wall_clock = [&] { return wall; };
        house_->connections.idle_timeout = 2s;
        const auto jumps = [&](request&) {
            wall += jump;
            return text("jumped");
        };
        const time_point start = now();
        const auto replies = replies_in(house_->ask_and_stay(serve(jumps, options), get("/")));
        ASSERT_EQ(replies.size(), 1U);
        EXPECT_GE(now() - start, 2s);
        EXPECT_LT(now() - start, 2500ms);
    }
}

TEST_P(server_time_test, gives_a_second_request_a_head_deadline_of_its_own) {
    server_options options;
    options.head_timeout = 1s;
    house_->connections.idle_timeout = 5s;
    const auto replies = replies_in(
        house_->ask_and_stay(make_server(options), get("/hello") + "GET /hello HTTP/1.1\r\n"));
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_EQ(replies[0].status, 200);
    EXPECT_EQ(replies[1].status, 408);
}

// Of a body that comes at 50 bytes a second.
duration time_to_refuse_a_dripping_body(house& house, const server_options& options) {
    std::string got;
    const time_point start = house.loop().now();
    house.converse(make_server(options), [&](io::transport& near) {
        return drip(near, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n", "12345",
                    got);
    });
    const auto replies = replies_in(got);
    EXPECT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies.empty() ? 0 : replies[0].status, 408);
    return house.loop().now() - start;
}

// BEHAVIOUR.md, "slow body".
TEST_P(server_time_test, answers_408_to_a_body_below_the_minimum_rate) {
    server_options options;
    options.body_window = 1s;
    options.min_bytes_per_window = 100;
    EXPECT_LT(time_to_refuse_a_dripping_body(*house_, options), 1500ms);
}

// The server's own window is far longer: it does not wait for its end.
TEST_P(server_time_test, answers_408_to_a_body_below_the_rate_that_its_connection_asks_for) {
    server_options options;
    options.body_window = 20s;
    options.min_bytes_per_window = 1;
    house_->connections.idle_timeout = 1s;
    house_->connections.min_receive_rate = 100;
    EXPECT_LT(time_to_refuse_a_dripping_body(*house_, options), 2500ms);
}

TEST_P(server_time_test, reads_a_body_at_the_minimum_rate_until_its_whole_time_is_over) {
    server_options options;
    options.body_window = 1s;
    options.min_bytes_per_window = 100;
    options.body_timeout = 4s;
    const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: ";
    std::string got;
    house_->converse(make_server(options), [&](io::transport& near) {
        return drip(near, head + "750\r\nConnection: close\r\n\r\n", std::string(25, 'x'), got);
    });
    auto replies = replies_in(got);
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].status, 200);
    got.clear();
    const time_point start = now();
    house_->converse(make_server(options), [&](io::transport& near) {
        return drip(near, head + "2000\r\n\r\n", std::string(25, 'x'), got);
    });
    replies = replies_in(got);
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].status, 408);
    EXPECT_GE(now() - start, 4s);
    EXPECT_LT(now() - start, 4500ms);
}

task<result<response>> read_after_a_while(request& request) {
    (void)co_await sleep(3s);
    const bytes_view first = co_await or_return(request.body_chunk());
    co_return text(std::string{as_text(first)});
}

TEST_P(server_time_test, does_not_count_the_time_that_a_handler_takes_against_its_peer) {
    server_options options;
    options.body_window = 1s;
    options.body_timeout = 2s;
    const auto replies =
        replies_in(house_->ask(serve(read_after_a_while, options), post("/", "body")));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].body, "body");
}

task<result<response>> sleep_long(request&) {
    co_await or_return(sleep(1h));
    co_return text("slept");
}

TEST_P(server_time_test, answers_503_where_a_handler_exceeds_its_deadline_and_stays) {
    server_options options;
    options.request_timeout = 1s;
    const time_point start = now();
    const auto replies = replies_in(house_->ask(serve(sleep_long, options), get("/") + get("/")));
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_EQ(replies[0].status, 503);
    EXPECT_EQ(replies[0].fields.at("retry-after"), "1");
    EXPECT_EQ(replies[0].fields.count("connection"), 0U);
    EXPECT_EQ(replies[1].status, 503);
    EXPECT_LT(now() - start, 2500ms);
}

task<response> sleeps_through_its_stop(request&) {
    auto nap = sleep(5s);
    (void)co_await shielded(5s, std::move(nap));
    co_return text("slept");
}

// A handler that ignores the stop is named and counted, and what it takes of the limit stays taken.
TEST_P(server_time_test, tells_of_a_handler_that_ignores_its_deadline_once) {
    metrics::registry registry{1};
    const auto page = [&] {
        std::string text;
        metrics::write_text(registry.collect(), text);
        return text;
    };
    server_options options;
    options.request_timeout = 1s;
    options.metrics = &registry;
    std::vector<duration> told;
    const time_point start = now();
    options.on_overdue = [&](const request& which) {
        EXPECT_EQ(which.path(), "/");
        told.push_back(now() - start);
        EXPECT_NE(page().find("weir_http_requests_in_flight 1\n"), std::string::npos);
    };
    const auto replies = replies_in(house_->ask(serve(sleeps_through_its_stop, options), get("/")));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].body, "slept");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_GE(told[0], 2s);
    EXPECT_LT(told[0], 2100ms);
    EXPECT_NE(page().find("weir_http_handlers_overdue_total 1\n"), std::string::npos);
    EXPECT_NE(page().find("weir_http_requests_in_flight 0\n"), std::string::npos);
}

TEST_P(server_time_test, answers_408_where_the_handlers_deadline_passes_while_it_reads) {
    server_options options;
    options.request_timeout = 1s;
    const auto replies = replies_in(house_->ask_and_stay(
        make_server(options), "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab"));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].status, 408);
    EXPECT_EQ(replies[0].fields.at("connection"), "close");
}

task<result<response>> eight_megabytes(request&) {
    co_return text(std::string(std::size_t{8} << 20U, 'x'));
}

task<result<>> ask_and_never_read(io::transport& near) {
    co_await or_return(send(near, get("/")));
    co_await or_return(sleep(3s));
    const auto rest = co_await receive_rest(near);
    EXPECT_EQ(rest ? errc{} : rest.error().code(), errc::reset);
    co_return {};
}

// BEHAVIOUR.md, "slow reader".
TEST_P(server_time_test, resets_a_peer_that_does_not_read_its_answer) {
    house_->connections.write_timeout = 1s;
    house_->converse(serve(eight_megabytes), ask_and_never_read);
}

}  // namespace
}  // namespace weir::inline v0::http
