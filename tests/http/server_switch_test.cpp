// HTTP until 101 has been sent, and then another protocol.
#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_switch_test : public house_test {
protected:
    std::vector<reply> replies(const server& server, std::string_view sent) {
        return replies_in(house_->ask(server, sent));
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_switch_test, testing::ValuesIn(house_names()), io::name_of);

// Sends back what it gets.
task<> mirrors(net::connection& connection) {
    EXPECT_FALSE(connection.draining());
    for (;;) {
        const bytes_view input = connection.input();
        connection.write(input);
        connection.consume(input.size());
        auto sent = co_await connection.flush();
        if (!sent) co_return;
        auto more = co_await connection.fill();
        if (!more) co_return;
    }
}

response mirror(request& request) {
    response answer = switch_protocols("Mirror/1", mirrors);
    (void)answer.add("X-Mirror", request.query().empty() ? "plain" : request.query());
    return answer;
}

server mirror_server(const server_options& options = {}) {
    router routes;
    routes.route("GET", "/mirror", mirror)
        .route("POST", "/mirror", mirror)
        .route("GET", "/hello", hello);
    return serve(std::move(routes), options);
}

constexpr std::string_view asks = "Connection: Upgrade\r\nUpgrade: mirror/1\r\n";
constexpr std::string_view switched =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: Mirror/1\r\n";

// BEHAVIOUR.md, "Upgrade: HTTP until 101 has been sent"; what came behind the request is the other
// protocol's then.
TEST_P(server_switch_test, hands_the_connection_over_with_what_has_come) {
    const std::string early = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n\x01\x02";
    const std::string got =
        house_->ask(mirror_server(), get("/hello") + get("/mirror?deep", asks) + early);
    const std::size_t second = got.find("HTTP/1.1 101");
    ASSERT_NE(second, std::string::npos) << got;
    EXPECT_NE(got.substr(0, second).find("hello"), std::string::npos);
    const std::string_view answer = std::string_view{got}.substr(second);
    EXPECT_TRUE(answer.starts_with(switched)) << answer;
    EXPECT_NE(answer.find("X-Mirror: deep\r\n"), std::string_view::npos);
    EXPECT_EQ(answer.substr(answer.find("\r\n\r\n") + 4), early) << "it is no request any more";
}

TEST_P(server_switch_test, hands_it_over_however_the_bytes_come) {
    const std::string got = house_->ask_slowly(mirror_server(), get("/mirror", asks) + "abc");
    EXPECT_TRUE(got.starts_with(switched)) << got;
    EXPECT_TRUE(got.ends_with("\r\n\r\nabc")) << got;
}

task<result<>> talks_for_long(io::transport& near) {
    co_await or_return(send(near, get("/mirror", asks)));
    std::string got;
    while (!got.ends_with("\r\n\r\n")) {
        const auto next = co_await or_return(io::receive_chunk{near});
        got += next.text();
    }
    for (const char* word : {"one", "two", "three"}) {
        co_await or_return(sleep(40ms));
        co_await or_return(send(near, word));
        const auto next = co_await or_return(io::receive_chunk{near});
        EXPECT_EQ(next.text(), word);
    }
    co_return {};
}

TEST_P(server_switch_test, leaves_its_deadlines_and_places_behind) {
    metrics::registry registry{1};
    server_options options;
    options.metrics = &registry;
    options.request_timeout = 20ms;
    options.head_timeout = 20ms;
    options.max_in_flight = 1;
    house_->converse(mirror_server(options), talks_for_long);
    std::string page;
    metrics::write_text(registry.collect(), page);
    EXPECT_NE(page.find(R"(weir_http_requests_total{endpoint="/mirror",status="101"} 1)"),
              std::string::npos)
        << page;
    EXPECT_NE(page.find("weir_http_requests_in_flight 0\n"), std::string::npos);
}

TEST_P(server_switch_test, refuses_who_has_not_asked_for_it) {
    for (const char* fields : {"", "Upgrade: mirror/1\r\n", "Connection: Upgrade\r\n",
                               "Connection: Upgrade\r\nUpgrade: mirror\r\n",
                               "Connection: close\r\nUpgrade: mirror/1\r\n",
                               "Connection: Upgrade\r\nUpgrade: mirror/11\r\n"}) {
        const auto got = replies(mirror_server(), get("/mirror", fields));
        ASSERT_EQ(got.size(), 1U) << fields;
        EXPECT_EQ(got[0].status, 426) << fields;
        EXPECT_EQ(got[0].fields.at("upgrade"), "Mirror/1");
    }
    const auto goes_on = replies(mirror_server(), get("/mirror") + get("/hello"));
    ASSERT_EQ(goes_on.size(), 2U);
    EXPECT_EQ(goes_on[0].fields.at("connection"), "Upgrade");
    EXPECT_EQ(goes_on[1].body, "hello");
    EXPECT_EQ(goes_on[1].fields.count("upgrade"), 0U);
    const auto old = replies(mirror_server(),
                             "GET /mirror HTTP/1.0\r\nHost: h\r\n" + std::string{asks} + "\r\n");
    ASSERT_EQ(old.size(), 1U);
    EXPECT_EQ(old[0].status, 426) << "HTTP/1.0 has no Upgrade";
}

TEST_P(server_switch_test, takes_lists_of_protocols_and_options) {
    const std::string got = house_->ask(
        mirror_server(),
        get("/mirror",
            "Connection: keep-alive, upgrade\r\nUpgrade: a, b/2\r\nUpgrade: MIRROR/1\r\n") +
            "x");
    EXPECT_TRUE(got.starts_with(switched)) << got;
    EXPECT_TRUE(got.ends_with("\r\n\r\nx"));
}

TEST_P(server_switch_test, does_not_take_a_body_for_the_other_protocol) {
    const std::string whole = house_->ask(mirror_server(), post("/mirror", "body", asks) + "x");
    EXPECT_TRUE(whole.starts_with(switched)) << whole;
    EXPECT_TRUE(whole.ends_with("\r\n\r\nx")) << "it was there, and was dropped";
    const auto part = replies_in(house_->ask_and_stay(
        mirror_server(), "POST /mirror HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n" +
                             std::string{asks} + "\r\nbody"));
    ASSERT_EQ(part.size(), 1U);
    EXPECT_EQ(part[0].status, 400);
    EXPECT_EQ(part[0].fields.at("connection"), "close");
}

task<> throws_as_successor(net::connection&) {
    (void)co_await sleep(1ms);
    throw std::runtime_error{"no HTTP"};
}

response to_thrower(request&) { return switch_protocols("t", throws_as_successor); }

TEST_P(server_switch_test, lets_go_what_its_successor_throws) {
    const server server = serve(to_thrower);
    EXPECT_THROW((void)house_->ask(server, get("/", "Connection: upgrade\r\nUpgrade: t\r\n")),
                 std::runtime_error);
}

}  // namespace
}  // namespace weir::inline v0::http
