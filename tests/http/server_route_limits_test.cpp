// Deadlines, bodies and requests in flight, as routes and their groups have them.
#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_route_limits_test : public house_test {
protected:
    std::vector<reply> replies(const server& server, std::string_view sent) {
        return replies_in(house_->ask(server, sent));
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_route_limits_test, testing::ValuesIn(house_names()),
                         io::name_of);

route_options with_deadline(duration deadline) {
    route_options options;
    options.deadline = deadline;
    return options;
}

route_options with_body(std::uint64_t bytes) {
    route_options options;
    options.max_body_bytes = bytes;
    return options;
}

route_options with_places(std::size_t places) {
    route_options options;
    options.max_in_flight = places;
    return options;
}

// How much time it has, in seconds.
task<response> tells_time(request&) {
    const environment& env = co_await this_env{};
    const auto left = std::chrono::round<std::chrono::seconds>(env.deadline() - env.now());
    std::string told = std::to_string(left.count());
    co_return text(std::move(told));
}

TEST_P(server_route_limits_test, the_nearest_deadline_counts) {
    server_options options;
    options.request_timeout = 9s;
    router routes;
    routes.route("GET", "/", tells_time).route("GET", "/own", tells_time, with_deadline(5s));
    auto group = routes.group("/group", with_deadline(3s));
    group.route("GET", "", tells_time).route("GET", "/own", tells_time, with_deadline(8s));
    group.group("/inner", with_deadline(1s)).route("GET", "", tells_time);
    group.group("/plain").route("GET", "", tells_time);
    const auto got = replies(serve(std::move(routes), options),
                             get("/") + get("/own") + get("/group") + get("/group/own") +
                                 get("/group/inner") + get("/group/plain"));
    ASSERT_EQ(got.size(), 6U);
    std::string all;
    for (const reply& each : got) all += each.body + " ";
    EXPECT_EQ(all, "9 5 3 8 1 3 ");
}

task<result<response>> sleeps_long(request&) {
    co_await or_return(sleep(10s));
    co_return text("slept");
}

TEST_P(server_route_limits_test, a_deadline_that_passes_is_503) {
    router routes;
    routes.route("GET", "/", sleeps_long, with_deadline(5ms));
    const auto got = replies(serve(std::move(routes)), get("/"));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].status, 503);
    EXPECT_EQ(got[0].fields.at("retry-after"), "1");
}

server with_bodies() {
    server_options options;
    options.limits.max_body_bytes = 10;
    router routes;
    routes.route("POST", "/", echo)
        .route("POST", "/more", echo, with_body(20'000))
        .route("POST", "/less", echo, with_body(3));
    routes.group("/group", with_body(20)).route("POST", "", echo);
    return serve(std::move(routes), options);
}

std::string chunked(std::string_view target, std::string_view body) {
    std::string text = "POST ";
    text.append(target).append(" HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (const char c : body) text.append("1\r\n").append(1, c).append("\r\n");
    return text + "0\r\n\r\n";
}

TEST_P(server_route_limits_test, a_route_may_take_more_than_others_or_less) {
    const std::string large = io::pattern(20'000);
    const auto got =
        replies(with_bodies(), post("/", "0123456789") + post("/less", "abc") +
                                   post("/group", std::string(20, 'x')) + chunked("/less", "abc") +
                                   chunked("/more", std::string(1000, 'y')) + post("/more", large));
    ASSERT_EQ(got.size(), 6U);
    EXPECT_EQ(got[3].body, "abc");
    EXPECT_EQ(got[4].body.size(), 1000U);
    EXPECT_TRUE(got[5].body == large);
}

TEST_P(server_route_limits_test, a_body_over_its_routes_limit_is_413_before_it_is_read) {
    for (const std::string& sent :
         {post("/", std::string(11, 'x')), post("/less", "abcd"), post("/none", "01234567890"),
          post("/group", std::string(21, 'x')),
          std::string{"POST /more HTTP/1.1\r\nHost: h\r\nContent-Length: 20001\r\n\r\n"},
          chunked("/", std::string(11, 'x')), chunked("/less", "abcd")}) {
        const auto got = replies_in(house_->ask_and_stay(with_bodies(), sent));
        ASSERT_EQ(got.size(), 1U) << sent.substr(0, 30);
        EXPECT_EQ(got[0].status, 413) << sent.substr(0, 30);
        EXPECT_EQ(got[0].fields.at("connection"), "close");
    }
}

// A limit is its request's: what one route takes is not the next one's to take.
TEST_P(server_route_limits_test, a_limit_ends_with_its_request) {
    const auto got = replies_in(house_->ask_and_stay(
        with_bodies(),
        chunked("/less", "abc") + chunked("/more", "0123456789abcdef") + chunked("/less", "abcd")));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].status, 200);
    EXPECT_EQ(got[1].status, 200);
    EXPECT_EQ(got[2].status, 413);
}

task<> serve_it(house& house, std::unique_ptr<io::transport> far, server server) {
    net::connection connection{std::move(far), house.loop(), house.connections};
    co_await server(connection);
    co_await connection.close();
}

task<response> until_let_go(request&, const bool& let_go) {
    while (!let_go) (void)co_await sleep(1ms);
    co_return text("let go");
}

task<result<>> one_after_another(house& house, server server, bool& let_go) {
    auto [first, first_far] = co_await or_return(house.make_link());
    auto [second, second_far] = co_await or_return(house.make_link());
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    scope.spawn(serve_it(house, std::move(first_far), server));
    scope.spawn(serve_it(house, std::move(second_far), server));
    co_await or_return(send(*first, get("/group/slow")));
    co_await or_return(sleep(10ms));
    for (const char* full : {"/group/slow", "/group", "/group/inner"}) {
        co_await or_return(send(*second, get(full)));
        const auto refused = co_await or_return(receive_reply(*second));
        EXPECT_EQ(refused.status, 503) << full;
        EXPECT_EQ(refused.fields.at("retry-after"), "1");
        EXPECT_EQ(refused.fields.count("connection"), 0U);
    }
    co_await or_return(send(*second, get("/free")));
    const auto free = co_await or_return(receive_reply(*second));
    EXPECT_EQ(free.status, 200);
    let_go = true;
    const auto slow = co_await or_return(receive_reply(*first));
    EXPECT_EQ(slow.body, "let go");
    for (const char* empty : {"/group/slow", "/group", "/group/inner"}) {
        co_await or_return(send(*second, get(empty)));
        const auto answered = co_await or_return(receive_reply(*second));
        EXPECT_EQ(answered.status, 200) << empty;
    }
    first->shutdown();
    second->shutdown();
    co_await scope.join();
    co_return {};
}

TEST_P(server_route_limits_test, a_full_route_or_group_is_503_and_others_are_not) {
    bool let_go = false;
    metrics::registry registry{1};
    server_options options;
    options.metrics = &registry;
    router routes;
    routes.route("GET", "/free", hello);
    auto group = routes.group("/group", with_places(1));
    group.route("GET", "", hello);
    group.route(
        "GET", "/slow", [&let_go](request& request) { return until_let_go(request, let_go); },
        with_places(7));
    group.group("/inner", with_places(2)).route("GET", "", hello, with_places(3));
    house_->run(one_after_another(*house_, serve(std::move(routes), options), let_go));
    std::string counted;
    metrics::write_text(registry, counted);
    EXPECT_NE(counted.find(R"(weir_http_rejected_total{reason="overloaded"} 3)"),
              std::string::npos);
}

}  // namespace
}  // namespace weir::inline v0::http
