// Many requests at once, drains, stops, and what all of it is counted as.
#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_load_test : public house_test {};

INSTANTIATE_TEST_SUITE_P(over, server_load_test, testing::ValuesIn(house_names()), io::name_of);

task<result<>> flood(io::transport& near, std::size_t count) {
    std::string sent;
    for (std::size_t i = 0; i < count; ++i) sent += get("/");
    auto [written, got] = co_await when_all(send(near, sent), receive_rest(near));
    EXPECT_TRUE(written.has_value());
    EXPECT_EQ(replies_in(got.value_or("")).size(), count);
    co_return {};
}

TEST_P(server_load_test, answers_a_flood_of_pipelined_requests_within_its_output_limit) {
    house_->connections.output_limit = std::size_t{128} * 1024;
    constexpr std::size_t count = 20'000;
    house_->connections.idle_timeout = 100ms;
    house_->converse(serve(hello), [](io::transport& near) { return flood(near, count); });
}

task<result<response>> until_heard(request&, const bool& heard) {
    while (!heard) co_await or_return(sleep(1ms));
    co_return text("heard");
}

task<result<>> hear_the_first(io::transport& near, bool& heard) {
    co_await or_return(send(near, get("/now") + get("/later")));
    co_await or_return(receive_reply(near));
    heard = true;
    const auto second = co_await or_return(receive_reply(near));
    EXPECT_EQ(second.body, "heard") << "the first answer came with the second";
    co_return {};
}

TEST_P(server_load_test, does_not_keep_an_answer_back_for_a_slow_one_behind_it) {
    server_options options;
    options.request_timeout = 1s;
    bool heard = false;
    router routes;
    routes.route("GET", "/now", hello).route("GET", "/later", [&heard](request& request) {
        return until_heard(request, heard);
    });
    house_->converse(serve(std::move(routes), options),
                     [&](io::transport& near) { return hear_the_first(near, heard); });
}

// One link's server, which a test may drain or stop.
struct served {
    served(house& house, std::unique_ptr<io::transport> far)
        : connection{std::move(far), house.loop(), house.connections} {}
    net::connection connection;
};

task<> serve_it(served& served, server server) {
    co_await server(served.connection);
    co_await served.connection.close();
}

task<result<>> drained_when_idle(house& house, server server) {
    auto [near, far] = co_await or_return(house.make_link());
    served served{house, std::move(far)};
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    scope.spawn(serve_it(served, std::move(server)));
    co_await or_return(send(*near, get("/")));
    const auto first = co_await or_return(receive_reply(*near));
    EXPECT_EQ(first.fields.count("connection"), 0U);
    served.connection.drain();
    co_await or_return(send(*near, get("/") + get("/")));
    const auto last = co_await or_return(receive_reply(*near));
    EXPECT_EQ(last.fields.at("connection"), "close");
    const auto rest = co_await or_return(receive_rest(*near));
    EXPECT_EQ(rest, "");
    near->shutdown();
    co_await scope.join();
    co_return {};
}

// BEHAVIOUR.md, Process: what comes in that second is answered with Connection: close.
TEST_P(server_load_test, answers_one_more_request_when_drained_and_closes) {
    house_->run(drained_when_idle(*house_, serve(hello)));
}

task<response> hello_in_a_while(request&) {
    (void)co_await sleep(20ms);
    co_return text("hello later");
}

task<result<>> drained_in_flight(house& house, server server) {
    auto [near, far] = co_await or_return(house.make_link());
    served served{house, std::move(far)};
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    scope.spawn(serve_it(served, std::move(server)));
    co_await or_return(send(*near, get("/")));
    co_await or_return(sleep(10ms));
    served.connection.drain();
    const auto got = co_await or_return(receive_reply(*near));
    EXPECT_EQ(got.body, "hello later");
    EXPECT_EQ(got.fields.at("connection"), "close");
    near->shutdown();
    co_await scope.join();
    co_return {};
}

TEST_P(server_load_test, finishes_what_is_in_flight_when_drained) {
    house_->run(drained_in_flight(*house_, serve(hello_in_a_while)));
}

task<result<>> stopped_in_flight(house& house, server server) {
    auto [near, far] = co_await or_return(house.make_link());
    served served{house, std::move(far)};
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    scope.spawn(serve_it(served, std::move(server)));
    co_await or_return(send(*near, get("/")));
    co_await or_return(sleep(10ms));
    scope.request_stop();
    co_await scope.join();
    served.connection.abort();
    co_return {};
}

task<result<response>> until_stopped(request&) {
    co_await or_return(sleep(1h));
    co_return text("never");
}

TEST_P(server_load_test, ends_without_an_answer_when_it_is_stopped) {
    house_->run(stopped_in_flight(*house_, serve(until_stopped)));
}

// The server's task is destroyed after each prefix of a conversation, wherever it waits then.
task<result<>> destroyed_after(house& house, server server, std::string_view sent) {
    auto [near, far] = co_await or_return(house.make_link());
    served served{house, std::move(far)};
    const environment& env = co_await this_env{};
    {
        task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
        scope.spawn(serve_it(served, std::move(server)));
        co_await or_return(send(*near, sent));
        co_await or_return(sleep(2ms));
    }
    co_return {};
}

task<result<response>> slow_echo(request& request) {
    const bytes_view body = co_await or_return(request.read_body());
    (void)co_await sleep(4ms);
    co_return text(std::string{as_text(body)});
}

// BEHAVIOUR.md, Process, "a coroutine destroyed at any suspension point".
TEST_P(server_load_test, may_be_destroyed_wherever_it_waits) {
    const server server = serve(slow_echo);
    const std::string whole = post("/", "some body", "Expect: 100-continue\r\n") + get("/");
    for (std::size_t size = 0; size <= whole.size(); size += 7)
        house_->run(destroyed_after(*house_, server, std::string_view{whole}.substr(0, size)));
}

task<result<response>> slow_around(request& request, next next) {
    if (request.query() == "first") (void)co_await sleep(4ms);
    auto answer = co_await next(request);
    if (request.query() == "last") (void)co_await sleep(4ms);
    co_return answer;
}

task<result<>> slow_pieces(body_writer& out) {
    for (int i = 0; i < 3; ++i) {
        co_await or_return(out.write(std::string(200'000, 'x')));
        co_await or_return(sleep(1ms));
    }
    co_return {};
}

response streams_slowly(request&) {
    response answer;
    answer.stream(slow_pieces);
    return answer;
}

task<> slow_successor(net::connection& connection) {
    connection.write(as_bytes("successor"));
    (void)co_await connection.flush();
    (void)co_await connection.fill();
    (void)co_await sleep(4ms);
}

response gives_away(request&) { return switch_protocols("slow", slow_successor); }

TEST_P(server_load_test, may_be_destroyed_in_middlewares_in_streams_and_behind_http) {
    router routes;
    routes.use(slow_around).use(slow_around);
    routes.route("POST", "/", slow_echo)
        .route("GET", "/stream", streams_slowly)
        .route("GET", "/switch", gives_away);
    const server server = serve(std::move(routes));
    const std::string asks = "Connection: Upgrade\r\nUpgrade: slow\r\n";
    for (const std::string& sent :
         {post("/", "body"), post("/?first", "body"), post("/?last", "body"), get("/stream"),
          get("/stream?last"), get("/switch", asks), get("/switch", asks) + "more"})
        house_->run(destroyed_after(*house_, server, sent));
}

task<result<>> ask_again(io::transport& near, std::vector<int>& statuses) {
    co_await or_return(send(near, get("/")));
    const auto got = co_await or_return(receive_reply(near));
    statuses.push_back(got.status);
    if (got.status == 503) {
        EXPECT_EQ(got.fields.at("retry-after"), "1");
    }
    near.shutdown();
    co_return {};
}

task<result<>> two_at_once(house& house, server server, std::vector<int>& statuses) {
    auto [near, far] = co_await or_return(house.make_link());
    auto [near_two, far_two] = co_await or_return(house.make_link());
    served one{house, std::move(far)};
    served two{house, std::move(far_two)};
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    scope.spawn(serve_it(one, server));
    scope.spawn(serve_it(two, server));
    auto [first, second] =
        co_await when_all(ask_again(*near, statuses), ask_again(*near_two, statuses));
    EXPECT_TRUE(first.has_value() && second.has_value());
    near.reset();
    near_two.reset();
    co_await scope.join();
    co_return {};
}

TEST_P(server_load_test, answers_503_at_once_over_the_limit_of_requests_in_flight) {
    server_options options;
    options.max_in_flight = 1;
    std::vector<int> statuses;
    house_->run(two_at_once(*house_, serve(hello_in_a_while, options), statuses));
    EXPECT_EQ(statuses, (std::vector<int>{503, 200}));
}

TEST_P(server_load_test, counts_requests_durations_and_rejections) {
    metrics::registry registry{1};
    server_options options;
    options.metrics = &registry;
    router routes;
    routes.route("GET", "/a/{b}", hello).route("GET", "/named", hello, "name");
    const server server = serve(std::move(routes), options);
    (void)house_->ask(server, get("/a/1") + get("/a/2") + get("/named") + get("/nowhere") +
                                  "GET / HTTP/1.1\r\n\r\n");
    std::string text;
    metrics::write_text(registry, text);
    for (const char* line : {
             "weir_http_requests_total{endpoint=\"/a/{b}\",status=\"200\"} 2\n",
             "weir_http_requests_total{endpoint=\"name\",status=\"200\"} 1\n",
             "weir_http_requests_total{endpoint=\"other\",status=\"404\"} 1\n",
             "weir_http_request_duration_seconds_count{endpoint=\"/a/{b}\"} 2\n",
             "weir_http_rejected_total{reason=\"missing_host\"} 1\n",
             "weir_http_requests_in_flight 0\n",
         })
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

task<response> what_is_counted(request&, const metrics::registry* registry) {
    std::string counts;
    metrics::write_text(*registry, counts);
    co_return text(std::move(counts));
}

TEST_P(server_load_test, has_counted_what_stands_in_front_when_a_handler_starts_that_may_wait) {
    metrics::registry registry{1};
    server_options options;
    options.metrics = &registry;
    router routes;
    routes.route("GET", "/first", hello).route("GET", "/counts", [&registry](request& asked) {
        return what_is_counted(asked, &registry);
    });
    const server server = serve(std::move(routes), options);
    const std::string got = house_->ask(server, get("/first") + get("/first") + get("/counts"));
    EXPECT_NE(got.find("weir_http_requests_total{endpoint=\"/first\",status=\"200\"} 2\n"),
              std::string::npos)
        << got;
}

TEST_P(server_load_test, tells_the_date_of_the_wall_clock_it_was_given) {
    server_options options;
    options.wall_clock = [] { return std::int64_t{784'111'777} * 1'000'000'000; };
    const auto got = replies_in(house_->ask(serve(hello, options), get("/")));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].fields.at("date"), "Sun, 06 Nov 1994 08:49:37 GMT");
}

class server_date_test : public house_test {};

// Where time passes as the timers say, and a second costs nothing.
INSTANTIATE_TEST_SUITE_P(over, server_date_test, testing::Values("sim", "memory"), io::name_of);

task<result<>> asks_on(io::transport& near, std::size_t count, std::string_view date) {
    for (std::size_t i = 0; i < count; ++i) {
        co_await or_return(send(near, get("/")));
        const auto got = co_await or_return(receive_reply(near));
        EXPECT_EQ(got.fields.at("date"), date);
    }
    co_return {};
}

task<result<>> asks_for_two_seconds(io::transport& near, const int& looks) {
    co_await or_return(asks_on(near, 50, "Sun, 06 Nov 1994 08:49:37 GMT"));
    co_await or_return(sleep(200ms));
    co_await or_return(asks_on(near, 50, "Sun, 06 Nov 1994 08:49:37 GMT"));
    EXPECT_EQ(looks, 1) << "for a hundred requests within a second";
    co_await or_return(sleep(100ms));
    co_await or_return(asks_on(near, 50, "Sun, 06 Nov 1994 08:49:38 GMT"));
    EXPECT_EQ(looks, 2);
    co_await or_return(sleep(1s));
    co_await or_return(asks_on(near, 50, "Sun, 06 Nov 1994 08:49:39 GMT"));
    EXPECT_EQ(looks, 3);
    near.shutdown();
    co_return {};
}

// The first request comes 700 ms into a second of the wall clock.
TEST_P(server_date_test, looks_at_the_wall_clock_once_a_second_and_tells_the_new_one) {
    int looks = 0;
    const time_point start = house_->loop().now();
    server_options options;
    options.wall_clock = [&] {
        ++looks;
        const duration passed = house_->loop().now() - start;
        return std::int64_t{784'111'777'700} * 1'000'000 + std::chrono::nanoseconds{passed}.count();
    };
    house_->converse(serve(hello, options),
                     [&](io::transport& near) { return asks_for_two_seconds(near, looks); });
}

}  // namespace
}  // namespace weir::inline v0::http
