// Bodies that are written while they are sent.
#include <stdexcept>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

#include "http/streamed.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_stream_test : public stream_house_test {};

INSTANTIATE_TEST_SUITE_P(over, server_stream_test, testing::ValuesIn(house_names()), io::name_of);

task<result<>> writes_words(body_writer& out) {
    co_await or_return(out.write("some "));
    co_await or_return(out.write(std::string_view{}));
    (void)co_await sleep(1ms);
    co_await or_return(out.write("words"));
    co_return {};
}

response words(request&) {
    response answer{status::ok, "Content-Type: text/plain\r\n"};
    answer.stream(writes_words);
    return answer;
}

response ten_bytes(request&) {
    response answer;
    answer.stream(10, writes_words);
    return answer;
}

server words_server() {
    router routes;
    routes.route("GET", "/words", words)
        .route("GET", "/ten", ten_bytes)
        .route("GET", "/hello", hello);
    return serve(std::move(routes));
}

TEST_P(server_stream_test, sends_pieces_in_chunks_and_goes_on) {
    const auto got = chunked_reply_in(house_->ask(words_server(), get("/words") + get("/hello")));
    EXPECT_EQ(got.body, "some words");
    EXPECT_EQ(got.chunks, 2);
    EXPECT_EQ(got.trailers, "");
    const auto rest = replies_in(got.rest);
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].body, "hello");
}

TEST_P(server_stream_test, sends_a_promised_length_without_chunks) {
    const auto got = replies_in(house_->ask(words_server(), get("/ten") + get("/ten")));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].fields.at("content-length"), "10");
    EXPECT_EQ(got[0].fields.count("transfer-encoding"), 0U);
    EXPECT_EQ(got[0].body, "some words");
    EXPECT_EQ(got[1].body, "some words");
}

task<result<>> sends_back(body_writer& out, request& asked) {
    for (;;) {
        const bytes_view piece = co_await or_return(asked.body_chunk());
        if (piece.empty()) break;
        co_await or_return(out.write(piece));
    }
    co_return {};
}

response sent_back(request& asked) {
    response answer;
    answer.stream([&asked](body_writer& out) { return sends_back(out, asked); });
    return answer;
}

task<result<>> sends_one_piece_back(body_writer& out, request& asked) {
    const bytes_view piece = co_await or_return(asked.body_chunk());
    co_return co_await out.write(piece);
}

response one_sent_back(request& asked) {
    response answer;
    answer.stream([&asked](body_writer& out) { return sends_one_piece_back(out, asked); });
    return answer;
}

task<result<>> fails_at_once(body_writer&) { co_return fail(errc::conflict); }

response failing(request&) {
    response answer;
    answer.stream(fails_at_once);
    return answer;
}

server echoing_server() {
    server_options options;
    options.unread_body_limit = 5;
    router routes;
    routes.route("POST", "/back", sent_back)
        .route("POST", "/one", one_sent_back)
        .route("POST", "/failing", failing)
        .route("POST", "/words", words)
        .route("GET", "/hello", hello);
    return serve(std::move(routes), options);
}

const std::string chunked_head =
    "POST /back HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

// Each piece is sent when the one before has come back.
task<result<>> talks_in_turn(io::transport& near, std::string first, std::string second,
                             std::string& got) {
    co_await or_return(send(near, first));
    while (got.find("hello") == std::string::npos) {
        const io::chunk next = co_await or_return(io::receive_chunk{near});
        got += next.text();
    }
    co_await or_return(send(near, second));
    near.shutdown();
    got += co_await or_return(receive_rest(near));
    co_return {};
}

// The last five bytes of its body come later; they are no request.
std::string all_but_the_last(std::string_view target) {
    const std::string whole = post(target, "helloworld");
    return whole.substr(0, whole.size() - 5);
}

TEST_P(server_stream_test, sends_back_what_comes_meanwhile) {
    std::string got;
    house_->converse(echoing_server(), [&](io::transport& near) {
        const std::string whole = post("/back", "helloworld");
        return talks_in_turn(near, whole.substr(0, whole.size() - 5), "world" + get("/hello"), got);
    });
    const auto known = chunked_reply_in(got);
    EXPECT_EQ(known.body, "helloworld");
    const auto rest = replies_in(known.rest);
    ASSERT_EQ(rest.size(), 1U) << "the connection goes on behind it";
    EXPECT_EQ(rest[0].body, "hello");

    got.clear();
    house_->converse(echoing_server(), [&](io::transport& near) {
        return talks_in_turn(near, chunked_head + "5\r\nhello\r\n", "5\r\nworld\r\n0\r\n\r\n", got);
    });
    EXPECT_EQ(chunked_reply_in(got).body, "helloworld");
}

TEST_P(server_stream_test, goes_on_behind_a_body_that_its_writer_has_left_amid_it) {
    std::string got;
    house_->converse(echoing_server(), [&](io::transport& near) {
        return talks_in_turn(near, all_but_the_last("/one"), "world" + get("/hello"), got);
    });
    const auto one = chunked_reply_in(got);
    EXPECT_EQ(one.body, "hello");
    EXPECT_EQ(one.head.find("Connection: close"), std::string::npos);
    const auto rest = replies_in(one.rest);
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].body, "hello");
}

TEST_P(server_stream_test, goes_on_behind_a_writer_that_fails_before_it_has_written) {
    const auto got =
        replies_in(house_->ask_slowly(echoing_server(), post("/failing", "hello") + get("/hello")));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].status, 409);
    EXPECT_EQ(got[1].body, "hello");
}

TEST_P(server_stream_test, says_that_it_closes_where_the_body_is_broken_behind_it) {
    const std::string broken =
        "POST /words HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
    const auto got = chunked_reply_in(house_->ask(echoing_server(), broken + get("/hello")));
    EXPECT_NE(got.head.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(got.body, "some words");
    EXPECT_EQ(got.rest, "");
}

task<result<>> waits_to_be_asked(io::transport& near, std::string& got) {
    const std::string whole = post("/back", "hello", "Expect: 100-continue\r\n");
    const std::string head = whole.substr(0, whole.size() - 5);
    co_await or_return(send(near, head));
    const reply asked = co_await or_return(receive_reply(near));
    EXPECT_EQ(asked.status, 100);
    co_await or_return(send(near, "hello"));
    near.shutdown();
    got = co_await or_return(receive_rest(near));
    co_return {};
}

TEST_P(server_stream_test, asks_for_the_body_before_it_has_written) {
    std::string got;
    house_->converse(echoing_server(),
                     [&](io::transport& near) { return waits_to_be_asked(near, got); });
    EXPECT_EQ(chunked_reply_in(got).body, "hello");
}

TEST_P(server_stream_test, does_not_let_what_is_made_of_half_a_body_look_whole) {
    const std::string got =
        whatever_comes(echoing_server(), chunked_head + "5\r\nhello\r\n5\r\nwor");
    EXPECT_NE(got.find("hello"), std::string::npos);
    EXPECT_EQ(got.find("\r\n0\r\n"), std::string::npos);
    const auto refused =
        replies_in(house_->ask(echoing_server(), chunked_head + "not a chunk's size\r\n"));
    ASSERT_EQ(refused.size(), 1U) << "nothing had been written";
    EXPECT_EQ(refused[0].status, 400);
}

TEST_P(server_stream_test, drops_what_its_writer_leaves) {
    for (const std::string& asked :
         {post("/words", "unread"),
          std::string{"POST /words HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "6\r\nunread\r\n0\r\n\r\n"}}) {
        const auto got = chunked_reply_in(house_->ask(echoing_server(), asked + get("/hello")));
        EXPECT_EQ(got.body, "some words");
        const auto rest = replies_in(got.rest);
        ASSERT_EQ(rest.size(), 1U) << asked;
        EXPECT_EQ(rest[0].body, "hello");
    }
}

TEST_P(server_stream_test, ends_a_body_for_http_1_0_with_the_connection) {
    const std::string asked = "GET /words HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    const std::string got = house_->ask_and_stay(words_server(), asked + get("/hello"));
    EXPECT_NE(got.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(got.find("Transfer-Encoding"), std::string::npos);
    EXPECT_TRUE(got.ends_with("\r\n\r\nsome words")) << got;
    const auto known = replies_in(house_->ask(
        words_server(), "GET /ten HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get("/hello")));
    ASSERT_EQ(known.size(), 2U) << "a known length ends without it";
    EXPECT_EQ(known[0].body, "some words");
}

task<result<>> must_not_run(body_writer&) {
    ADD_FAILURE() << "nobody reads this";
    co_return {};
}

response unwanted(request& request) {
    response answer{request.path() == "/204" ? status::no_content : status::not_modified};
    if (request.path() == "/ok") answer.set_status(status::ok);
    answer.stream(must_not_run);
    if (request.query() == "5") answer.stream(5, must_not_run);
    return answer;
}

TEST_P(server_stream_test, writes_nothing_where_there_is_no_body) {
    const std::string head = " HTTP/1.1\r\nHost: h\r\n\r\n";
    const auto got = replies_in(
        house_->ask(serve(unwanted), "HEAD /ok" + head + "HEAD /ok?5" + head + get("/204") +
                                         get("/304") + get("/304?5") + "HEAD /ok HTTP/1.0\r\n\r\n"),
        {true, true, true, true, true, true});
    ASSERT_EQ(got.size(), 6U);
    EXPECT_EQ(got[0].fields.at("transfer-encoding"), "chunked");
    EXPECT_EQ(got[1].fields.at("content-length"), "5");
    EXPECT_EQ(got[2].fields.count("content-length"), 0U);
    EXPECT_EQ(got[4].fields.at("content-length"), "5");
}

task<result<>> writes_trailers(body_writer& out) {
    EXPECT_EQ(out.add_trailer("Content-Length", "5").error(), errc::invalid_argument);
    EXPECT_EQ(out.add_trailer("content-type", "a/b").error(), errc::invalid_argument);
    EXPECT_EQ(out.add_trailer("X-Sum", "1\r\nX: y").error(), errc::invalid_argument);
    co_await or_return(out.write("body"));
    co_await or_return(out.add_trailer("X-Sum", "17"));
    co_await or_return(out.add_trailer("X-Rows", "2"));
    co_return {};
}

response with_trailers(request&) {
    response answer;
    answer.stream(writes_trailers);
    return answer;
}

TEST_P(server_stream_test, sends_trailers_to_who_takes_them) {
    const server server = serve(with_trailers);
    for (const char* te : {"TE: trailers\r\n", "te: gzip;q=0.5, Trailers\r\n"}) {
        const auto got = chunked_reply_in(house_->ask(server, get("/", te)));
        EXPECT_EQ(got.body, "body");
        EXPECT_EQ(got.trailers, "X-Sum: 17\r\nX-Rows: 2\r\n");
    }
    for (const char* te : {"", "TE: gzip\r\n", "X-TE: trailers\r\n"}) {
        const auto got = chunked_reply_in(house_->ask(server, get("/", te) + get("/", te)));
        EXPECT_EQ(got.trailers, "");
        EXPECT_NE(got.rest, "");
    }
}

task<result<>> breaks_off(body_writer& out, bool late) {
    if (late) co_await or_return(out.write("the beginning"));
    co_return fail(errc::conflict);
}
task<result<>> throws_off(body_writer& out, bool late) {
    if (late) co_await or_return(out.write("the beginning"));
    throw std::runtime_error{"in mid-stream"};
}

response broken(request& request) {
    response answer;
    const bool late = request.query() == "late";
    if (request.path() == "/error") {
        answer.stream([late](body_writer& out) { return breaks_off(out, late); });
    } else {
        answer.stream([late](body_writer& out) { return throws_off(out, late); });
    }
    return answer;
}

TEST_P(server_stream_test, answers_as_a_handler_would_where_nothing_was_sent) {
    server_options options;
    std::vector<std::string> told;
    options.on_exception = [&](const request&, const error& why) { told.emplace_back(why.text()); };
    const auto got = replies_in(
        house_->ask(serve(broken, options), get("/error") + get("/throw") + get("/error")));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].status, 409);
    EXPECT_EQ(got[1].status, 500);
    EXPECT_EQ(got[2].status, 409);
    EXPECT_EQ(told, (std::vector<std::string>{"in mid-stream"}));
}

TEST_P(server_stream_test, breaks_the_connection_where_a_body_fails_in_the_middle) {
    server_options options;
    options.metrics = &registry_;
    for (const char* path : {"/error?late", "/throw?late"}) {
        const std::string got = whatever_comes(serve(broken, options), get(path) + get("/error"));
        EXPECT_EQ(got.find("\r\n0\r\n"), std::string::npos) << got;
        EXPECT_EQ(got.find("409"), std::string::npos) << "nothing comes behind it";
    }
    EXPECT_NE(counted().find("weir_http_rejected_total{reason=\"broken_stream\"} 2\n"),
              std::string::npos)
        << counted();
    EXPECT_NE(counted().find("weir_http_requests_in_flight 0\n"), std::string::npos);
}

task<result<>> writes_too_much(body_writer& out) {
    co_await or_return(out.write("1234"));
    EXPECT_EQ((co_await out.write("567")).error(), errc::too_large);
    co_return {};
}

response promises_five(request& request) {
    response answer;
    if (request.path() == "/more") {
        answer.stream(5, writes_too_much);
    } else {
        answer.stream(15, writes_words);
    }
    return answer;
}

// A reset may overtake what was sent before it.
bool begins(std::string_view whole, std::string_view got) {
    const std::size_t head = got.find("\r\n\r\n");
    return head == std::string_view::npos || whole.starts_with(got.substr(head + 4));
}

TEST_P(server_stream_test, breaks_the_connection_where_the_promised_length_is_not_kept) {
    EXPECT_TRUE(begins("1234", whatever_comes(serve(promises_five), get("/more"))));
    EXPECT_TRUE(begins("some words", whatever_comes(serve(promises_five), get("/less"))));
}

task<result<>> writes_all_sizes(body_writer& out, io::block_pool& blocks) {
    const std::string large = io::pattern(200'000);
    for (const std::size_t size : {1U, 100U, 8'192U, 8'193U, 40'000U, 200'000U}) {
        co_await or_return(out.write(std::string_view{large}.substr(0, size)));
    }
    io::block_writer written{blocks};
    for (int i = 0; i < 4; ++i) written.append(std::string_view{large}.substr(0, 10'000));
    co_await or_return(out.write(std::move(written)));
    co_return {};
}

response all_sizes(request& request) {
    response answer;
    answer.stream([&request](body_writer& out) { return writes_all_sizes(out, request.blocks()); });
    return answer;
}

TEST_P(server_stream_test, sends_pieces_of_all_sizes_whatever_the_output_limit) {
    const std::string large = io::pattern(200'000);
    std::string wanted;
    for (const std::size_t size : {1U, 100U, 8'192U, 8'193U, 40'000U, 200'000U})
        wanted += large.substr(0, size);
    for (int i = 0; i < 4; ++i) wanted += large.substr(0, 10'000);
    for (const std::size_t limit : {300U, 10'000U, 1U << 20U}) {
        house_->connections.output_limit = limit;
        const auto got = chunked_reply_in(house_->ask(serve(all_sizes), get("/") + get("/")));
        EXPECT_TRUE(got.body == wanted) << limit;
        const auto second = chunked_reply_in(got.rest);
        EXPECT_TRUE(second.body == wanted) << limit;
    }
}

task<result<>> reads_nothing_and_resets(io::transport& near, const std::size_t& written) {
    co_await or_return(send(near, get("/")));
    std::size_t before = 1;
    while (before != written || written == 0) {
        before = written;
        co_await or_return(sleep(30ms));
    }
    co_await or_return(sleep(700ms));
    EXPECT_EQ(before, written) << "it is written, and nobody reads";
    near.abort();
    co_return {};
}

TEST_P(server_stream_test, waits_for_a_peer_that_does_not_read_and_ends_with_its_reset) {
    std::size_t written = 0;
    errc ended{};
    const server server = serve([&](request&) {
        response answer;
        answer.stream([&](body_writer& out) {
            return writes_on(out, std::string(5000, 'x'), written, ended);
        });
        return answer;
    });
    house_->converse(server,
                     [&](io::transport& near) { return reads_nothing_and_resets(near, written); });
    EXPECT_TRUE(ended == errc::reset || ended == errc::canceled) << to_string(ended);
}

task<result<response>> marks(request& request, next next) {
    auto answer = co_await or_return(next(request));
    co_await or_return(answer.add("X-Marked", "yes"));
    co_return answer;
}

task<result<>> writes_request(body_writer& out, request& request) {
    co_await or_return(out.write(request.param("name")));
    co_await or_return(out.write(as_text(request.body())));
    co_return {};
}

task<result<response>> tells_request(request& request) {
    co_await or_return(request.read_body());
    response answer;
    answer.stream([&request](body_writer& out) { return writes_request(out, request); });
    co_return answer;
}

TEST_P(server_stream_test, keeps_the_request_until_its_body_has_been_written) {
    router routes;
    routes.use(marks).route("POST", "/{name}", tells_request);
    const std::string body = io::pattern(100'000);
    const auto got =
        chunked_reply_in(house_->ask(serve(std::move(routes)), post("/a%20name", body)));
    EXPECT_TRUE(got.body == "a name" + body);
    EXPECT_NE(got.head.find("X-Marked: yes"), std::string::npos);
}

}  // namespace
}  // namespace weir::inline v0::http
