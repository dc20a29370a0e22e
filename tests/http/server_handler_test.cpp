// What handlers do, and what their answers become.
#include <new>
#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/json/writer.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_handler_test : public house_test {
protected:
    std::vector<reply> replies(const server& server, std::string_view sent) {
        return replies_in(house_->ask(server, sent));
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_handler_test, testing::ValuesIn(house_names()), io::name_of);

response plain(request&) { return text("plain"); }
result<response> fails(request&) { return fail(errc::conflict, "the inside of it"); }
task<response> waits(request&) {
    (void)co_await sleep(1ms);
    co_return text("waits");
}
task<result<response>> waits_and_fails(request&) {
    (void)co_await sleep(1ms);
    co_return fail(errc::invalid_argument, "limit is no number");
}

class vendors {
public:
    task<result<response>> get(request& request) const {
        std::string name{request.param("prefix")};
        co_return text(std::move(name));
    }
};

task<response> is_through(request&) { co_return text("is through"); }

task<result<response>> passes(request& request, next next) { co_return co_await next(request); }

// Whether a task is left of a batch of these requests, which has come when it is served.
task<result<bool>> leaves_a_task(house& at, std::string_view requests) {
    router routes;
    routes.group("").use(passes).route("GET", "/through", is_through).route("GET", "/waits", waits);
    const server server = serve(std::move(routes));
    auto [near, far] = co_await or_return(at.make_link());
    net::connection connection{std::move(far), at.loop(), at.connections};
    const auto session = server.open(connection);
    co_await or_return(send(*near, requests));
    while (connection.input().size() < requests.size()) co_await or_return(connection.fill());
    const environment& env = co_await this_env{};
    auto rest = session->serve_batch(env);
    const bool left = rest.has_value();
    if (rest) co_await std::move(*rest);
    near->shutdown();
    co_await connection.close();
    const std::string answers = co_await or_return(receive_rest(*near));
    EXPECT_EQ(replies_in(answers).size(), 2U);
    co_return left;
}

task<result<>> tells_whether(house& at, std::string_view requests, std::optional<bool>& left) {
    left = co_await or_return(leaves_a_task(at, requests));
    co_return {};
}

// A handler that waits, of a batch whose task nobody awaits.
task<result<>> drops_a_task(house& at) {
    router routes;
    routes.group("").use(passes).route("GET", "/waits", waits);
    const server server = serve(std::move(routes));
    auto [near, far] = co_await or_return(at.make_link());
    net::connection connection{std::move(far), at.loop(), at.connections};
    const auto session = server.open(connection);
    const std::string request = get("/waits");
    co_await or_return(send(*near, request));
    while (connection.input().size() < request.size()) co_await or_return(connection.fill());
    const environment& env = co_await this_env{};
    auto rest = session->serve_batch(env);
    EXPECT_TRUE(rest.has_value());
    rest.reset();
    (void)co_await sleep(10ms);  // what it waited for
    near->shutdown();
    co_await connection.close();
    const std::string answers = co_await or_return(receive_rest(*near));
    EXPECT_EQ(answers, "");
    co_return {};
}

TEST_P(server_handler_test, is_gone_with_a_batch_that_nobody_awaits) {
    house_->run(drops_a_task(*house_));
}

TEST_P(server_handler_test, leaves_a_task_only_where_something_waits) {
    std::optional<bool> left;
    const std::string through = get("/through") + get("/through");
    house_->run(tells_whether(*house_, through, left));
    EXPECT_EQ(left, false) << "coroutines that have what they need";
    const std::string waiting = get("/through") + get("/waits");
    house_->run(tells_whether(*house_, waiting, left));
    EXPECT_EQ(left, true);
}

TEST_P(server_handler_test, takes_every_form_of_a_handler) {
    const vendors vendors;
    router routes;
    routes.route("GET", "/plain", plain)
        .route("GET", "/fails", fails)
        .route("GET", "/waits", waits)
        .route("GET", "/waits_and_fails", waits_and_fails)
        .route("GET", "/member/{prefix}",
               [&vendors](request& request) { return vendors.get(request); });
    const auto got =
        replies(serve(std::move(routes)), get("/plain") + get("/fails") + get("/waits") +
                                              get("/waits_and_fails") + get("/member/00%2fF8"));
    ASSERT_EQ(got.size(), 5U);
    EXPECT_EQ(got[0].body, "plain");
    EXPECT_EQ(got[1].status, 409);
    EXPECT_EQ(got[1].body.find("inside"), std::string::npos);
    EXPECT_EQ(got[2].body, "waits");
    EXPECT_EQ(got[3].status, 400);
    EXPECT_EQ(got[3].body, R"({"title":"Bad Request","status":400,"detail":"limit is no number"})");
    EXPECT_EQ(got[4].body, "00/F8");
}

response throws(request&) { throw std::runtime_error{"a secret"}; }
task<response> throws_late(request&) {
    (void)co_await sleep(1ms);
    throw std::runtime_error{"another secret"};
}
task<response> has_no_memory(request&) { throw std::bad_alloc{}; }
response throws_an_int(request&) { throw 7; }

// BEHAVIOUR.md, Process, "a handler's exception: 500".
TEST_P(server_handler_test, answers_500_for_an_exception_and_goes_on) {
    server_options options;
    std::vector<std::string> told;
    options.on_exception = [&](const request& request, const error& why) {
        told.push_back(std::string{request.path()} + " " + std::string{why.text()});
    };
    router routes;
    routes.route("GET", "/a", throws)
        .route("GET", "/b", throws_late)
        .route("GET", "/c", has_no_memory)
        .route("GET", "/d", throws_an_int)
        .route("GET", "/e", plain);
    const auto got = replies(serve(std::move(routes), options),
                             get("/a") + get("/b") + get("/c") + get("/d") + get("/e"));
    ASSERT_EQ(got.size(), 5U);
    EXPECT_EQ(got[0].status, 500);
    EXPECT_EQ(got[0].body, R"({"title":"Internal Server Error","status":500})");
    EXPECT_EQ(got[1].status, 500);
    EXPECT_EQ(got[2].status, 503);
    EXPECT_EQ(got[3].status, 500);
    EXPECT_EQ(got[4].body, "plain");
    EXPECT_EQ(told, (std::vector<std::string>{"/a a secret", "/b another secret",
                                              "/d an exception of an unknown type"}));
}

response splits(request&) {
    response answer = text("body");
    EXPECT_EQ(answer.add("X-Name", "a\r\nSet-Cookie: b").error(), errc::invalid_argument);
    EXPECT_EQ(answer.add("X-Name", "a\nb").error(), errc::invalid_argument);
    EXPECT_EQ(answer.add("X-Name", std::string_view{"a\0b", 3}).error(), errc::invalid_argument);
    EXPECT_EQ(answer.add("X Name", "a").error(), errc::invalid_argument);
    EXPECT_EQ(answer.add("Content-Length", "1").error(), errc::invalid_argument);
    EXPECT_EQ(answer.add("Transfer-Encoding", "chunked").error(), errc::invalid_argument);
    EXPECT_TRUE(answer.add("X-Name", "whole").has_value());
    return answer;
}

// BEHAVIOUR.md, "handler sets CR, LF or NUL in a field": refused where it is set.
TEST_P(server_handler_test, refuses_a_field_that_would_split_the_answer_where_it_is_set) {
    const auto got = replies(serve(splits), get("/"));
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].fields.at("x-name"), "whole");
    EXPECT_EQ(got[0].fields.count("set-cookie"), 0U);
    EXPECT_EQ(got[0].body, "body");
}

task<result<response>> counts_pieces(request& request) {
    std::string all;
    for (;;) {
        const bytes_view piece = co_await or_return(request.body_chunk());
        if (piece.empty()) break;
        all += as_text(piece);
    }
    co_return text(std::move(all));
}

TEST_P(server_handler_test, hands_a_body_on_piece_by_piece) {
    const std::string body = io::pattern(200'000);
    const auto got = replies(serve(counts_pieces),
                             post("/", body) + post("/", "") + post("/", "abc") + get("/"));
    ASSERT_EQ(got.size(), 4U);
    EXPECT_TRUE(got[0].body == body);
    EXPECT_EQ(got[1].body, "");
    EXPECT_EQ(got[2].body, "abc");
    EXPECT_EQ(got[3].body, "");
}

// Also where their lines come one by one, and behind a body that came in pieces.
task<result<response>> tells_trailers(request& request) {
    EXPECT_FALSE(request.trailers().find("X-Sum"));
    co_await or_return(request.read_body());
    std::string told;
    for (trailer_fields left = request.trailers(); const auto each = left.next();)
        told += std::string{each->name} + "=" + std::string{each->value} + " ";
    EXPECT_EQ(request.header("X-Sum"), std::nullopt);
    EXPECT_EQ(request.trailers().find("x-sum").value_or("none"), told.empty() ? "none" : "9");
    co_return text(std::move(told));
}

TEST_P(server_handler_test, hands_trailers_on_behind_the_body_and_apart_from_the_head) {
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n";
    const auto got =
        replies(serve(tells_trailers), chunked + "X-Sum: 9\r\nHost: b\r\nX-Sum: 10\r\n\r\n" +
                                           chunked + "\r\n" + post("/", "abc"));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].body, "X-Sum=9 Host=b X-Sum=10 ");
    EXPECT_EQ(got[1].body, "");
    EXPECT_EQ(got[2].body, "");
}

task<result<response>> reads_twice(request& request) {
    const std::string_view path = request.path();
    const auto agent = request.header("USER-agent");
    EXPECT_TRUE(request.body().empty());
    const bytes_view first = co_await or_return(request.read_body());
    const bytes_view again = co_await or_return(request.read_body());
    EXPECT_EQ(first.data(), again.data());
    EXPECT_EQ(request.body().data(), again.data());
    EXPECT_EQ(path, "/long/path");
    EXPECT_EQ(agent, "tests");
    co_return text(std::string{as_text(again)});
}

TEST_P(server_handler_test, keeps_the_head_in_place_while_a_large_body_is_collected) {
    const std::string body = io::pattern(300'000);
    const auto got =
        replies(serve(reads_twice), post("/long/path", body, "User-Agent: tests\r\n") +
                                        post("/long/path", "short", "User-Agent: tests\r\n"));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_TRUE(got[0].body == body);
    EXPECT_EQ(got[1].body, "short");
}

response tells_parameters(request& request) {
    std::string told{request.param("a")};
    told += "|" + std::string{request.param("b")};
    for (const char* name : {"x", "y", "z w", "none"})
        told += "|" + std::string{request.query(name).value_or("-")};
    told += "|" + std::string{request.route()};
    EXPECT_THROW((void)request.param("c"), std::out_of_range);
    return text(std::move(told));
}

TEST_P(server_handler_test, decodes_parameters_and_queries) {
    router routes;
    routes.route("GET", "/p/{a}/q/{b}", tells_parameters);
    const auto got = replies(serve(std::move(routes)),
                             get("/p/one%20two/q/%2e%2F?x=1+2&y=%26%3d&x=3&z+w=a%2Bb") +
                                 get("/p/1/q/2") + get("/p//q/2"));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].body, "one two|./|1 2|&=|a+b|-|/p/{a}/q/{b}");
    EXPECT_EQ(got[1].body, "1|2|-|-|-|-|/p/{a}/q/{b}");
    EXPECT_EQ(got[2].status, 404);
}

response writes_json(request& request) {
    io::block_writer body{request.blocks()};
    json::writer json{body};
    json.begin_array();
    for (int i = 0; i < 20'000; ++i) json.integer(i);
    json.end_array();
    EXPECT_TRUE(json.complete());
    return http::json(std::move(body));
}

TEST_P(server_handler_test, sends_what_was_written_into_blocks) {
    const auto got = replies_in(
        house_->ask(serve(writes_json), get("/") + "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + get("/")),
        {false, true});
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].fields.at("content-type"), "application/json");
    EXPECT_TRUE(got[0].body.starts_with("[0,1,2,"));
    EXPECT_TRUE(got[0].body.ends_with(",19999]"));
    EXPECT_EQ(got[1].fields.at("content-length"), got[0].fields.at("content-length"));
    EXPECT_EQ(got[1].body, "");
    EXPECT_TRUE(got[2].body == got[0].body);
}

response large(request&) { return text(std::string(500'000, 'x')); }

TEST_P(server_handler_test, sends_a_body_far_over_the_output_limit) {
    house_->connections.output_limit = std::size_t{32} * 1024;
    const auto got = replies(serve(large), get("/") + get("/"));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[1].body.size(), 500'000U);
}

response many_fields(request&) {
    response answer{status::created};
    for (int i = 0; i < 40; ++i)
        EXPECT_TRUE(answer.add("X-Field-" + std::to_string(i), std::string(150, 'v')).has_value());
    EXPECT_EQ(answer.add("X-Large", std::string(8192, 'v')).error(), errc::too_large);
    return answer;
}

TEST_P(server_handler_test, sends_many_fields_and_no_body) {
    const auto got = replies(serve(many_fields), get("/") + get("/"));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].status, 201);
    EXPECT_EQ(got[0].fields.at("content-length"), "0");
    EXPECT_EQ(got[1].fields.at("x-field-39"), std::string(150, 'v'));
}

response no_content(request&) { return response{status::no_content}; }
response not_modified(request&) { return response{status::not_modified}; }
response interim(request&) { return response{status::continue_}; }

TEST_P(server_handler_test, sends_no_body_where_the_status_has_none) {
    router routes;
    routes.route("GET", "/204", no_content)
        .route("GET", "/304", not_modified)
        .route("GET", "/100", interim);
    const auto got = replies(serve(std::move(routes)), get("/204") + get("/304") + get("/100"));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].fields.count("content-length"), 0U);
    EXPECT_EQ(got[1].fields.count("content-length"), 0U);
    EXPECT_EQ(got[2].status, 500) << "an interim status is no answer";
}

struct seen {
    errc read{};
    errc waited{};
};

// Reads its body, and then wants to write down what it has read.
task<result<response>> commits(request& request, seen& seen) {
    const auto body = co_await request.read_body();
    if (!body) seen.read = body.error().code();
    const auto waited = co_await sleep(1ms);
    if (!waited) seen.waited = waited.error().code();
    co_return text("committed");
}

// BEHAVIOUR.md, "end of stream inside a message": "handler is cancelled, nothing half-committed".
TEST_P(server_handler_test, cancels_a_handler_whose_body_ends_early_and_answers_nothing) {
    seen seen;
    const server server = serve([&seen](request& request) { return commits(request, seen); });
    const std::string got = house_->ask(
        server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nnot all of it");
    EXPECT_EQ(got, "");
    EXPECT_EQ(seen.read, errc::end_of_stream);
    EXPECT_EQ(seen.waited, errc::canceled);
}

TEST_P(server_handler_test, answers_the_violation_and_not_what_the_handler_made_of_it) {
    seen seen;
    const server server = serve([&seen](request& request) { return commits(request, seen); });
    const auto got =
        replies(server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].status, 400);
    EXPECT_EQ(seen.read, errc::malformed);
    EXPECT_EQ(seen.waited, errc::canceled);
}

TEST_P(server_handler_test, goes_on_after_a_whole_body_was_read) {
    seen seen;
    const server server = serve([&seen](request& request) { return commits(request, seen); });
    const auto got = replies(server, post("/", "all of it") + post("/", ""));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[1].body, "committed");
    EXPECT_EQ(seen.read, errc{});
    EXPECT_EQ(seen.waited, errc{});
}

}  // namespace
}  // namespace weir::inline v0::http
