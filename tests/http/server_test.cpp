// The server, in conversations over every kind of link.
#include "weir/http/server.hpp"

#include <algorithm>
#include <iterator>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

struct faulty_head {
    std::string sent;
    int status;
    violation why;
};

class server_test : public house_test {
protected:
    std::string ask(const server& server, std::string_view sent) {
        return house_->ask(server, sent);
    }
    std::vector<reply> replies(const server& server, std::string_view sent) {
        return replies_in(ask(server, sent));
    }
    // Between two requests, of which its handler sees the first alone.
    void expect_last_answer(const faulty_head& faulty) {
        SCOPED_TRACE(to_string(faulty.why));
        int asked = 0;
        const server counting = serve([&asked](request&) {
            ++asked;
            return text("hello");
        });
        const auto got =
            replies_in(house_->ask_and_stay(counting, get("/") + faulty.sent + get("/")));
        ASSERT_EQ(got.size(), 2U);
        EXPECT_EQ(got[0].status, 200);
        EXPECT_EQ(got[1].status, faulty.status);
        EXPECT_EQ(got[1].fields.at("connection"), "close");
        EXPECT_NE(got[1].body.find(describe(faulty.why)), std::string::npos) << got[1].body;
        EXPECT_EQ(asked, 1);
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_test, testing::ValuesIn(house_names()), io::name_of);

task<response> hello_later(request&) {
    (void)co_await sleep(1ms);
    co_return text("hello later");
}
response echo_target(request& request) {
    std::string told = std::string{to_string(request.method())} + " " +
                       std::string{request.path()} + " " + std::string{request.query()};
    return text(std::move(told));
}

server common_server(server_options options = {}) {
    router routes;
    routes.route("GET", "/hello", hello)
        .route("GET", "/later", hello_later)
        .route("POST", "/echo", echo)
        .route("POST", "/ignore", hello);
    return serve(std::move(routes), options);
}

TEST_P(server_test, answers_a_request) {
    const auto got = replies(common_server(), get("/hello"));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].status, 200);
    EXPECT_EQ(got[0].body, "hello");
    EXPECT_EQ(got[0].fields.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(got[0].fields.count("connection"), 0U);
    EXPECT_EQ(got[0].fields.at("date").size(), 29U);
}

// BEHAVIOUR.md, "pipelined requests: answered in order".
TEST_P(server_test, answers_pipelined_requests_in_their_order) {
    const auto got = replies(common_server(), get("/later") + get("/hello") + post("/echo", "abc") +
                                                  get("/nowhere") + get("/later"));
    ASSERT_EQ(got.size(), 5U);
    EXPECT_EQ(got[0].body, "hello later");
    EXPECT_EQ(got[1].body, "hello");
    EXPECT_EQ(got[2].body, "abc");
    EXPECT_EQ(got[3].status, 404);
    EXPECT_EQ(got[4].body, "hello later");
}

// BEHAVIOUR.md, Process, "short reads and short writes".
TEST_P(server_test, answers_the_same_however_the_bytes_arrive) {
    const auto got = replies_in(house_->ask_slowly(
        common_server(), get("/hello") + post("/echo", "some body") + post("/ignore", "xyz") +
                             "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n" +
                             get("/hello")));
    ASSERT_EQ(got.size(), 5U);
    EXPECT_EQ(got[1].body, "some body");
    EXPECT_EQ(got[2].body, "hello");
    EXPECT_EQ(got[3].body, "abcdefg");
    EXPECT_EQ(got[4].body, "hello");
}

TEST_P(server_test, closes_where_the_peer_asks_for_it) {
    const auto got = replies_in(house_->ask_and_stay(
        common_server(), get("/hello", "Connection: close\r\n") + get("/hello")));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].fields.at("connection"), "close");
}

TEST_P(server_test, speaks_http_1_0) {
    const auto closing =
        replies_in(house_->ask_and_stay(common_server(), "GET /hello HTTP/1.0\r\n\r\n"));
    ASSERT_EQ(closing.size(), 1U);
    EXPECT_EQ(closing[0].fields.at("connection"), "close");
    EXPECT_EQ(closing[0].body, "hello");
    const auto staying = replies(
        common_server(), "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get("/hello"));
    ASSERT_EQ(staying.size(), 2U);
    EXPECT_EQ(staying[0].fields.at("connection"), "keep-alive");
}

// BEHAVIOUR.md, "HEAD, 204, 304: no body, and the right length fields".
TEST_P(server_test, answers_head_as_get_without_the_body) {
    const auto got = replies_in(
        ask(common_server(), "HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n" + get("/hello")), {true});
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].fields.at("content-length"), "5");
    EXPECT_EQ(got[0].body, "");
    EXPECT_EQ(got[1].body, "hello");
}

// BEHAVIOUR.md, "unknown method 501; known but not allowed 405 with Allow" and "`OPTIONS *`
// accepted".
TEST_P(server_test, tells_which_methods_a_path_has) {
    const auto got = replies(common_server(),
                             "DELETE /hello HTTP/1.1\r\nHost: h\r\n\r\n"
                             "OPTIONS /hello HTTP/1.1\r\nHost: h\r\n\r\n"
                             "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"
                             "OPTIONS /none HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_EQ(got.size(), 4U);
    EXPECT_EQ(got[0].status, 405);
    EXPECT_EQ(got[0].fields.at("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(got[1].status, 204);
    EXPECT_EQ(got[1].fields.at("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(got[1].fields.count("content-length"), 0U);
    EXPECT_EQ(got[2].status, 204);
    EXPECT_EQ(got[2].fields.at("allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(got[3].status, 404);
}

// BEHAVIOUR.md, "400 and close": one response, and bytes after the offending ones are never parsed.
TEST_P(server_test, refuses_what_is_no_request_and_parses_nothing_behind_it) {
    const auto got =
        replies_in(house_->ask_and_stay(common_server(), get("/hello") +
                                                             "GET /hello HTTP/1.1\r\nHost : h\r\n"
                                                             "\r\n" +
                                                             get("/hello")));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].status, 200);
    EXPECT_EQ(got[1].status, 400);
    EXPECT_EQ(got[1].fields.at("connection"), "close");
    EXPECT_EQ(got[1].fields.at("content-type"), "application/problem+json");
    EXPECT_NE(got[1].body.find("colon"), std::string::npos) << got[1].body;
}

// Fields whose lines are so long altogether, the Host that get() writes included.
std::string fields_of(std::size_t bytes) {
    const std::size_t rest = std::string_view{"Host: house\r\nX: \r\n"}.size();
    return "X: " + std::string(bytes - rest, 'x') + "\r\n";
}

// So many, the Host included.
std::string so_many_fields(std::size_t fields) {
    std::string lines;
    for (std::size_t i = 1; i < fields; ++i) lines += "X: x\r\n";
    return lines;
}

// BEHAVIOUR.md, rows "unknown transfer coding", "unknown method 501", "target over 8,000 octets".
std::vector<faulty_head> faulty_heads() {
    using enum violation;
    const std::string post_coded = "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: ";
    return {
        {"BREW /hello HTTP/1.1\r\nHost: h\r\n\r\n", 501, unknown_method},
        {post_coded + "gzip\r\n\r\n", 501, unknown_transfer_coding},
        {post_coded + "gzip, chunked\r\n\r\n0\r\n\r\n", 501, unknown_transfer_coding},
        {"GET /hello HTTP/2.0\r\nHost: h\r\n\r\n", 505, unknown_version},
        {"GET /hello HTTP/3.0\r\nHost: h\r\n\r\n", 505, unknown_version},
        {get("/" + std::string(8'000, 'a')), 414, target_too_long},
        {get("/hello", so_many_fields(101)), 431, too_many_fields},
        {get("/hello", fields_of(32 * 1024 + 1)), 431, fields_too_large},
    };
}

TEST_P(server_test, answers_each_fault_once_and_parses_nothing_behind_it) {
    for (const faulty_head& each : faulty_heads()) expect_last_answer(each);
}

TEST_P(server_test, takes_heads_that_are_as_large_as_its_limits) {
    const auto got = replies(serve(hello), get("/" + std::string(7'999, 'a')) +
                                               get("/hello", so_many_fields(100)) +
                                               get("/hello", fields_of(32 * 1024)));
    ASSERT_EQ(got.size(), 3U);
    for (const reply& each : got) EXPECT_EQ(each.status, 200) << each.body;
}

TEST_P(server_test, refuses_a_target_with_a_broken_escape) {
    const auto got =
        replies(serve(echo_target), get("/a%2") + get("/a?b=%zz") + get("/a%20b?c%41"));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].status, 400);
    EXPECT_EQ(got[1].status, 400);
    EXPECT_EQ(got[2].body, "GET /a%20b c%41");
}

// BEHAVIOUR.md, "body over the limit 413 before it is read, also inside chunked".
TEST_P(server_test, refuses_a_body_over_the_limit_before_it_is_read) {
    server_options options;
    options.limits.max_body_bytes = 10;
    const auto announced = replies_in(
        house_->ask_and_stay(common_server(options), post("/echo", std::string(11, 'x'))));
    ASSERT_EQ(announced.size(), 1U);
    EXPECT_EQ(announced[0].status, 413);
    EXPECT_EQ(announced[0].fields.at("connection"), "close");
    const auto chunked = replies_in(
        house_->ask_and_stay(common_server(options),
                             "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "6\r\nabcdef\r\n5\r\nghijk\r\n0\r\n\r\n"));
    ASSERT_EQ(chunked.size(), 1U);
    EXPECT_EQ(chunked[0].status, 413);
}

TEST_P(server_test, answers_400_where_a_body_breaks_its_framing_while_it_is_read) {
    const auto got = replies_in(
        house_->ask_and_stay(common_server(),
                             "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "3\r\nabcX\r\n0\r\n\r\n" +
                                 get("/hello")));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].status, 400);
}

// BEHAVIOUR.md, "`100 Continue` only when the handler wants the body".
TEST_P(server_test, asks_for_a_body_only_where_the_handler_wants_it) {
    const std::string expecting = "Expect: 100-continue\r\n";
    const std::string wanted =
        house_->ask_slowly(common_server(), post("/echo", "abc", expecting) + get("/hello"));
    EXPECT_TRUE(wanted.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")) << wanted;
    EXPECT_TRUE(wanted.ends_with("\r\n\r\nhello")) << wanted;
    const auto unwanted = replies_in(house_->ask_and_stay(
        common_server(),
        "POST /ignore HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n" + expecting + "\r\n"));
    ASSERT_EQ(unwanted.size(), 1U);
    EXPECT_EQ(unwanted[0].status, 200);
    EXPECT_EQ(unwanted[0].fields.at("connection"), "close");
}

// BEHAVIOUR.md, "other expectations 417"; that it closes is said of all violations, violation.hpp.
TEST_P(server_test, refuses_other_expectations) {
    const auto got = replies(common_server(), get("/hello", "Expect: a-miracle\r\n"));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].status, 417);
    expect_last_answer(
        {get("/hello", "Expect: a-miracle\r\n"), 417, violation::unknown_expectation});
}

// BEHAVIOUR.md, "body left unread by the handler: drained to a cap, else close".
TEST_P(server_test, drops_an_unread_body_and_stays_or_closes_where_it_is_too_much) {
    server_options options;
    options.unread_body_limit = 100;
    const auto small =
        replies(common_server(options), post("/ignore", std::string(100, 'x')) + get("/hello"));
    ASSERT_EQ(small.size(), 2U);
    EXPECT_EQ(small[0].fields.count("connection"), 0U);
    const auto large = replies_in(house_->ask_and_stay(
        common_server(options), "POST /ignore HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n"));
    ASSERT_EQ(large.size(), 1U);
    EXPECT_EQ(large[0].fields.at("connection"), "close");
}

// Says the second part once the first has been answered; that the stream ends is the server's part.
task<result<>> goes_on_once_answered(io::transport& near, std::string_view first,
                                     std::string_view second, std::vector<reply>& got) {
    co_await or_return(send(near, first));
    got.push_back(co_await or_return(receive_reply(near)));
    co_await or_return(send(near, second));
    const std::string rest = co_await or_return(receive_rest(near));
    std::ranges::move(replies_in(rest), std::back_inserter(got));
    co_return {};
}

std::string ignored(std::string_view framing) {
    return "POST /ignore HTTP/1.1\r\nHost: h\r\n" + std::string{framing} + "\r\n\r\n";
}

// Of a server that drops 100 bytes at most.
std::vector<reply> replies_around(house& at, std::string_view first, std::string_view second) {
    server_options options;
    options.unread_body_limit = 100;
    std::vector<reply> got;
    at.converse(common_server(options), [&](io::transport& near) {
        return goes_on_once_answered(near, first, second, got);
    });
    return got;
}

const std::string last_request = get("/hello", "Connection: close\r\n");

// The same row.
TEST_P(server_test, drops_an_unread_body_that_comes_behind_the_answer) {
    const std::string head = ignored("Content-Length: 100");
    for (const std::size_t early : {0U, 1U, 40U, 99U}) {
        const auto got =
            replies_around(*house_, head + std::string(early, 'x'),
                           std::string(100 - early, 'x') + get("/hello") + last_request);
        ASSERT_EQ(got.size(), 3U);
        EXPECT_EQ(got[0].fields.count("connection"), 0U);
        for (const reply& each : got) EXPECT_EQ(each.body, "hello");
    }
}

// The same row.
TEST_P(server_test, closes_where_of_an_unread_body_a_byte_too_much_is_to_come) {
    const auto got = replies_around(*house_, ignored("Content-Length: 101"),
                                    std::string(101, 'x') + last_request);
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].body, "hello");
    EXPECT_EQ(got[0].fields.at("connection"), "close");
}

// The same row: nobody knows how much of it is to come, be it next to nothing.
TEST_P(server_test, closes_where_an_unread_chunked_body_is_not_whole) {
    const std::string head = ignored("Transfer-Encoding: chunked");
    const std::string body = "3\r\nabc\r\n0\r\n\r\n";
    for (std::size_t come = 0; come < body.size(); ++come) {
        const auto got =
            replies_around(*house_, head + body.substr(0, come), body.substr(come) + last_request);
        ASSERT_EQ(got.size(), 1U) << come;
        EXPECT_EQ(got[0].body, "hello");
        EXPECT_EQ(got[0].fields.at("connection"), "close");
    }
}

// BEHAVIOUR.md, "after a complete request it is a half-close, and the response is finished".
TEST_P(server_test, answers_a_complete_request_of_a_peer_that_has_half_closed) {
    const auto got = replies(common_server(), post("/echo", "last words"));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].body, "last words");
}

// BEHAVIOUR.md, "end of stream inside a message".
TEST_P(server_test, answers_nothing_to_a_head_that_ends_early) {
    EXPECT_EQ(ask(common_server(), "GET /hello HTTP/1.1\r\nHo"), "");
    EXPECT_EQ(ask(common_server(), ""), "");
}

}  // namespace
}  // namespace weir::inline v0::http
