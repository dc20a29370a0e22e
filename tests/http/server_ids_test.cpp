// What a request is called, here and in its trace.
#include <set>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/task/sleep.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_ids_test : public house_test {
protected:
    std::vector<reply> replies(const server& server, std::string_view sent) {
        return replies_in(house_->ask(server, sent));
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_ids_test, testing::ValuesIn(house_names()), io::name_of);

server_options telling() {
    server_options options;
    options.request_ids = true;
    return options;
}

task<response> tells_id(request& request) {
    const std::string_view id = request.id();
    (void)co_await sleep(1ms);
    EXPECT_EQ(id.data(), request.id().data());
    co_return text(std::string{id});
}

TEST_P(server_ids_test, takes_a_good_id_and_hands_it_back) {
    const std::string longest(128, 'x');
    const std::string good = "a-Z_0.9:8/7+6=5@4";
    const auto got =
        replies(serve(tells_id, telling()), get("/", "X-Request-Id: " + good + "\r\n") +
                                                get("/", "x-request-id:" + longest + "\r\n"));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].body, good);
    EXPECT_EQ(got[0].fields.at("x-request-id"), good);
    EXPECT_EQ(got[1].body, longest);
}

TEST_P(server_ids_test, makes_one_where_there_is_none_that_is_good) {
    std::string asked = get("/") + get("/", "X-Request-Id: a\r\nX-Request-Id: a\r\n");
    for (const std::string& bad :
         {std::string{}, std::string{"a b"}, std::string{"a\tb"}, std::string{"\"a"},
          std::string{"\x80"}, std::string{"<a>"}, std::string(129, 'x')})
        asked += get("/", "X-Request-Id: " + bad + "\r\n");
    const auto got = replies(serve(tells_id, telling()), asked);
    ASSERT_EQ(got.size(), 9U);
    std::set<std::string> ids;
    for (const reply& each : got) {
        EXPECT_EQ(each.body.size(), 16U);
        EXPECT_EQ(each.body.find_first_not_of("0123456789abcdef"), std::string::npos);
        EXPECT_EQ(each.fields.at("x-request-id"), each.body);
        ids.insert(each.body);
    }
    EXPECT_EQ(ids.size(), got.size()) << "no two are the same";
}

TEST_P(server_ids_test, answers_of_the_server_itself_have_one_where_it_knows_the_request) {
    router routes;
    routes.route("POST", "/", echo);
    const std::string id = "X-Request-Id: mine\r\n";
    const auto got = replies_in(house_->ask_and_stay(
        serve(std::move(routes), telling()), get("/none", id) + get("/", id) + get("/a%2", id) +
                                                 post("/", "a", id) +
                                                 "GET / HTTP/1.1\r\nHost : h\r\n\r\n"));
    ASSERT_EQ(got.size(), 5U);
    for (std::size_t at = 0; at < 4; ++at)
        EXPECT_EQ(got[at].fields.at("x-request-id"), "mine") << at;
    EXPECT_EQ(got[4].fields.count("x-request-id"), 0U) << "nor does it have that of another";
}

TEST_P(server_ids_test, says_none_where_it_is_not_to) {
    const auto got = replies(serve(tells_id), get("/", "X-Request-Id: mine\r\n"));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].body, "mine");
    EXPECT_EQ(got[0].fields.count("x-request-id"), 0U);
}

task<response> tells_trace(request& request) {
    const auto parent = request.trace_parent();
    std::string told{request.trace().text()};
    (void)co_await sleep(1ms);
    EXPECT_EQ(told, request.trace().text()) << "it stays";
    EXPECT_TRUE(!parent || parent->span_id() != request.trace().span_id());
    told += parent ? " below " + std::string{parent->span_id()} : " alone";
    co_return text(std::move(told));
}

TEST_P(server_ids_test, goes_on_with_the_trace_of_its_peer) {
    const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const std::string field = "traceparent: " + parent + "\r\n";
    const auto got = replies(serve(tells_trace), get("/", field) + get("/", field));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_TRUE(got[0].body.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-")) << got[0].body;
    EXPECT_TRUE(got[0].body.ends_with("-01 below 00f067aa0ba902b7")) << got[0].body;
    EXPECT_NE(got[0].body, got[1].body) << "each request is a span of its own";
}

TEST_P(server_ids_test, begins_a_trace_where_its_peer_has_none_that_is_good) {
    const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const std::string field = "traceparent: " + parent + "\r\n";
    const auto got =
        replies(serve(tells_trace),
                get("/") + get("/", field + field) + get("/", "traceparent: " + parent + "-x\r\n") +
                    get("/", "traceparent: " + parent + ", " + parent + "\r\n"));
    ASSERT_EQ(got.size(), 4U);
    std::set<std::string> traces;
    for (const reply& each : got) {
        EXPECT_TRUE(each.body.ends_with("-00 alone")) << each.body;
        EXPECT_TRUE(trace_context::parse(std::string_view{each.body}.substr(0, 55)).has_value());
        EXPECT_EQ(each.body.find("4bf92f3577b34da6"), std::string::npos);
        traces.insert(each.body.substr(3, 32));
    }
    EXPECT_EQ(traces.size(), got.size());
}

}  // namespace
}  // namespace weir::inline v0::http
