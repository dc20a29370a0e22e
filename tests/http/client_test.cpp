// A client's requests and their responses, over every engine.
#include "weir/http/client.hpp"

#include "weir/io/block_writer.hpp"

#include "http/server_end.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

INSTANTIATE_TEST_SUITE_P(on, http_client_test, testing::ValuesIn(io::engine_names()), io::name_of);

task<result<>> one_get(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(serves(stage, {answer("hello", "X-One: 1\r\nx-two:  2 \r\n")}));
    auto response = co_await or_return(stage.client().get("/greeting?of=day"));
    EXPECT_EQ(stage.heard.at(0),
              "GET /greeting?of=day HTTP/1.1\r\nHost: " + stage.authority() + "\r\n\r\n");
    EXPECT_EQ(response.status(), status::ok);
    EXPECT_EQ(response.version(), version::http_1_1);
    EXPECT_EQ(response.fields().size(), 3U);
    EXPECT_EQ(response.header("x-ONE"), "1");
    EXPECT_EQ(response.header("X-Two"), "2");
    EXPECT_EQ(response.header("X-Three"), std::nullopt);
    EXPECT_EQ(stage.client().connections().in_use, 1U);
    const client_response moved{std::move(response)};
    EXPECT_EQ(moved.header("X-One"), "1");
    co_return {};
}

TEST_P(http_client_test, gets_a_response) { run(one_get(*world_)); }

task<result<>> by_name(io::engine_world& world, std::string port, std::string host) {
    client_stage stage{world};
    stage.call_it("api.local", std::move(port));
    stage.beside(serves(stage, {answer("a"), answer("b")}));
    EXPECT_EQ(co_await got(stage.client(), "/"), "a");
    EXPECT_EQ(co_await got(stage.client(), "/"), "b");
    EXPECT_EQ(stage.heard.at(0), "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    EXPECT_EQ(stage.names.lookups(), 1U) << "once for each connection";
    co_return {};
}

// RFC 9110 section 4.2.3: a default port need not be said.
TEST_P(http_client_test, asks_hosts_by_their_names) {
    run(by_name(*world_, "8080", "api.local:8080"));
    run(by_name(*world_, "80", "api.local"));
}

task<result<>> unknown_name(io::engine_world& world) {
    client_stage stage{world};
    stage.options.hosts = {*net::host::parse("nowhere.local:80")};
    const auto response = co_await stage.client().get("/");
    EXPECT_EQ(response.error(), errc::unavailable);
    EXPECT_EQ(*response.error().cause(), errc::not_found);
    co_return {};
}

TEST_P(http_client_test, says_that_there_is_no_such_name) { run(unknown_name(*world_)); }

task<result<>> many_on_one(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(serves(stage, {answer("one"), answer(""), answer("three")}));
    for (const std::string body : {"one", "", "three"}) {
        const auto text = co_await got(stage.client(), "/");
        EXPECT_EQ(text, body);
        EXPECT_EQ(stage.client().connections().idle, 1U);
    }
    EXPECT_EQ(stage.counted("weir_http_client_connections_opened_total"), 1);
    EXPECT_EQ(stage.counted("weir_http_client_connections_reused_total"), 2);
    EXPECT_EQ(stage.counted("weir_http_client_requests_total", "200"), 3);
    EXPECT_EQ(stage.counted("weir_http_client_requests_in_flight"), 0);
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 1);
    stage.client().close();
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_await stage.scope.join();
    const auto late = co_await got(stage.client(), "/");
    EXPECT_EQ(late, "closed");
    co_return {};
}

TEST_P(http_client_test, asks_again_on_the_same_connection) { run(many_on_one(*world_)); }

struct shape {
    std::string text;
    std::string body;
    bool kept;
};

task<result<>> shaped(io::engine_world& world, shape of, method asked) {
    client_stage stage{world};
    const auto then = of.kept ? afterwards::stays : afterwards::closes;
    stage.beside(serves(stage, {of.text}, then));
    const auto request = co_await or_return(client_request::make(asked, "/"));
    auto response = co_await or_return(stage.client().send(request));
    const auto body = co_await or_return(response.text());
    EXPECT_EQ(body, of.body);
    {
        const client_response dropped{std::move(response)};
    }
    EXPECT_EQ(stage.client().connections().idle, of.kept ? 1U : 0U) << of.text;
    EXPECT_EQ(stage.client().connections().in_use, 0U);
    stage.client().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_test, reads_bodies_of_every_framing) {
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::string chunks = "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n";
    const std::vector<shape> shapes{
        {ok + "Content-Length: 3\r\n\r\nabc", "abc", true},
        {ok + chunks + "\r\n", "abcde", true},
        {ok + chunks + "Trailer: t\r\n\r\n", "abcde", true},
        {ok + "Connection: close\r\n" + chunks + "\r\n", "abcde", false},
        {ok + "Connection: close\r\nContent-Length: 3\r\n\r\nabc", "abc", false},
        {ok + "\r\nto the end", "to the end", false},
        {"HTTP/1.0 200 OK\r\n\r\nto the end", "to the end", false},
        {"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", "abc", false},
        {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc", "abc", true},
        {"HTTP/1.1 204 No Content\r\n\r\n", "", true},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "", true},
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nwho", "who", true},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" +
             answer("late"),
         "late", true},
    };
    for (const shape& each : shapes) run(shaped(*world_, each, method::get));
    run(shaped(*world_, {ok + "Content-Length: 3\r\n\r\n", "", true}, method::head));
    run(shaped(*world_, {ok + "Transfer-Encoding: chunked\r\n\r\n", "", true}, method::head));
}

task<result<>> reads_trailers(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(serves(stage, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "3\r\nabc\r\n0\r\nX-Sum: 3\r\nX-Sum: 4\r\n\r\n",
                                answer("no trailers")}));
    {
        auto response = co_await or_return(stage.client().get("/"));
        EXPECT_FALSE(response.trailers().find("x-sum"));
        EXPECT_EQ(co_await or_return(response.text()), "abc");
        EXPECT_EQ(response.trailers().find("x-sum"), "3");
        EXPECT_EQ(response.header("x-sum"), std::nullopt);
    }
    auto response = co_await or_return(stage.client().get("/"));
    EXPECT_EQ(co_await or_return(response.text()), "no trailers");
    EXPECT_FALSE(response.trailers().next());
    co_return {};
}

TEST_P(http_client_test, hands_trailers_on_behind_the_body_and_apart_from_the_head) {
    run(reads_trailers(*world_));
}

task<result<>> hears(client_stage& stage, std::string whole, std::string said) {
    auto peer = co_await or_return(stage.take());
    const std::string heard = co_await or_return(peer->hear(whole.size()));
    EXPECT_EQ(heard, whole);
    co_await or_return(peer->say(std::move(said)));
    EXPECT_EQ(co_await peer->end(), errc::end_of_stream);
    co_return {};
}

// A request, and how it arrives.
task<result<>> sent_as(io::engine_world& world, client_request request, std::string whole) {
    client_stage stage{world};
    stage.options.authority = "api.local";
    stage.beside(hears(stage, std::move(whole), answer("")));
    const auto response = co_await stage.client().send(request);
    EXPECT_TRUE(response.has_value());
    stage.client().close();
    if (!response) co_return fail(response.error().clone());
    const auto text = co_await got(stage.client(), "/");
    EXPECT_EQ(text, "closed");
    co_return {};
}

TEST_P(http_client_test, sends_what_it_was_given) {
    const std::string host = "Host: api.local\r\n";
    run(sent_as(*world_, made(method::delete_, "/x"), "DELETE /x HTTP/1.1\r\n" + host + "\r\n"));
    run(sent_as(*world_, made(method::options, "*"), "OPTIONS * HTTP/1.1\r\n" + host + "\r\n"));
    run(sent_as(*world_, made(method::post),
                "POST / HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n"));
    auto with_text = made(method::put, "/a/b?c=d");
    with_text.set_body(std::string{"a body"});
    ASSERT_TRUE(with_text.add("Content-Type", "text/plain").has_value());
    ASSERT_TRUE(with_text.add("X-A", "b c").has_value());
    run(sent_as(*world_, std::move(with_text),
                "PUT /a/b?c=d HTTP/1.1\r\n" + host +
                    "Content-Length: 6\r\nContent-Type: text/plain\r\nX-A: b c\r\n\r\na body"));
    auto with_literal = made(method::patch);
    with_literal.set_body("literal");
    run(sent_as(*world_, std::move(with_literal),
                "PATCH / HTTP/1.1\r\n" + host + "Content-Length: 7\r\n\r\nliteral"));
    const std::string large = std::string(40'000, 'x');
    io::block_writer blocks{world_->loop().blocks()};
    blocks.append(large);
    auto with_blocks = made(method::post);
    with_blocks.set_body(std::move(blocks));
    run(sent_as(*world_, std::move(with_blocks),
                "POST / HTTP/1.1\r\n" + host + "Content-Length: 40000\r\n\r\n" + large));
}

TEST_P(http_client_test, refuses_what_must_not_be_sent_where_it_is_set) {
    for (const std::string_view target : {"", "x", "/a b", "/a\r\nX: y", "/a\n", "/\xc3\xbc",
                                          "/a#b", "*", "http://other.host/", "//\t"})
        EXPECT_EQ(client_request::make(method::get, target).error(), errc::invalid_argument)
            << target;
    EXPECT_EQ(client_request::make(method::get, std::string_view{"/a\0b", 4}).error(),
              errc::invalid_argument);
    EXPECT_EQ(client_request::make(method::connect, "/").error(), errc::unsupported);
    auto request = made(method::post);
    for (const std::string_view name :
         {"Connection", "content-length", "Transfer-Encoding", "Host", "hOST", "Expect", "TE",
          "Trailer", "Upgrade", "Keep-Alive", "Date", "", "a b", "a:", "a\r\n"})
        EXPECT_EQ(request.add(name, "x").error(), errc::invalid_argument) << name;
    for (const std::string_view value :
         {std::string_view{"a\r\nX: y"}, std::string_view{"a\nb"}, std::string_view{"a\rb"},
          std::string_view{"a\0b", 3}, std::string_view{" a"}, std::string_view{"a "}})
        EXPECT_EQ(request.add("X", value).error(), errc::invalid_argument) << value;
    EXPECT_EQ(request.add("X", std::string(9'000, 'x')).error(), errc::too_large);
    client_stage stage{*world_};
    const auto refused = [](http::client& from) -> task<result<>> {
        EXPECT_EQ(co_await failure_of(from, "/a b"), errc::invalid_argument);
        EXPECT_EQ(co_await failure_of(from, "/" + std::string(17'000, 'x')), errc::too_large);
        co_return {};
    };
    stage.beside(serves(stage, {}));
    run(refused(stage.client()));
    EXPECT_EQ(stage.client().connections().idle, 1U) << "nothing had begun on it";
    stage.client().close();
}

TEST_P(http_client_test, refuses_options_that_make_no_sense) {
    client_stage stage{*world_};
    const auto made_of = [&](const client_options& options) {
        const http::client client{world_->loop(), stage.names, options};
    };
    EXPECT_THROW(made_of(client_options{}), std::invalid_argument);
    stage.options.authority = "two words";
    EXPECT_THROW(made_of(stage.options), std::invalid_argument);
    stage.options.authority = "fine";
    stage.options.limits.max_fields = limits::field_capacity + 1;
    EXPECT_THROW(made_of(stage.options), std::invalid_argument);
    stage.options.limits.max_fields = limits::field_capacity;
    EXPECT_NO_THROW(made_of(stage.options));
    stage.options.connections.max_size = 0;
    EXPECT_THROW(made_of(stage.options), std::invalid_argument);
}

// Says more than the client's kernel takes, and notes when all of it has gone.
task<result<>> floods(client_stage& stage, std::size_t size, bool& gone) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    const std::string body(size, 'x');
    co_await or_return(
        peer->say("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n"));
    for (std::size_t at = 0; at < size; at += 65'536) {
        const std::size_t part = std::min<std::size_t>(65'536, size - at);
        co_await or_return(peer->say(body.substr(at, part)));
    }
    gone = true;
    EXPECT_EQ(co_await peer->end(), errc::end_of_stream);
    co_return {};
}

task<result<>> in_pieces(io::engine_world& world) {
    client_stage stage{world};
    const std::size_t size = world.flood();
    bool gone = false;
    stage.beside(floods(stage, size, gone));
    {
        auto response = co_await or_return(stage.client().get("/"));
        co_await or_return(sleep(20ms));
        EXPECT_FALSE(gone) << "nobody read";
        std::size_t read = 0;
        for (;;) {
            const bytes_view piece = co_await or_return(response.read());
            if (piece.empty()) break;
            EXPECT_EQ(as_text(piece).find_first_not_of('x'), std::string_view::npos);
            read += piece.size();
        }
        EXPECT_EQ(read, size);
    }
    EXPECT_EQ(stage.client().connections().idle, 1U);
    stage.client().close();
    co_await stage.scope.join();
    EXPECT_TRUE(gone);
    co_return {};
}

TEST_P(http_client_test, reads_a_body_in_pieces_at_its_own_pace) { run(in_pieces(*world_)); }

task<result<>> collected(io::engine_world& world, std::string too_large) {
    client_stage stage{world};
    stage.options.max_collected = 4;
    stage.beside(serves(stage, {answer("four"), std::move(too_large)}));
    {
        auto response = co_await or_return(stage.client().get("/"));
        const bytes_view whole = co_await or_return(response.all());
        EXPECT_EQ(as_text(whole), "four");
        const bytes_view again = co_await or_return(response.all());
        EXPECT_EQ(again.data(), whole.data());
    }
    EXPECT_EQ(co_await got(stage.client(), "/"), "bad_response");
    co_return {};
}

TEST_P(http_client_test, collects_a_body_up_to_a_limit) {
    run(collected(*world_, answer("fifth")));
    run(collected(*world_,
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde"
                  "\r\n0\r\n\r\n"));
}

task<result<>> asks_side_by_side(client_stage& stage, std::string target, int& done) {
    const auto text = co_await got(stage.client(), std::move(target));
    EXPECT_EQ(text, "ok");
    ++done;
    co_return {};
}

// Answers whatever is asked, until the client closes.
task<result<>> answers_all(client_stage& stage) {
    auto peer = co_await or_return(stage.take());
    ++stage.taken;
    for (;;) {
        const auto heard = co_await peer->hear_head();
        if (!heard) {
            EXPECT_EQ(heard.error(), errc::end_of_stream);
            co_return {};
        }
        co_await or_return(peer->say(answer("ok")));
    }
}

task<result<>> bounded(io::engine_world& world) {
    client_stage stage{world};
    stage.options.connections.max_size = 2;
    stage.options.connections.max_waiters = 8;
    stage.beside(answers_all(stage));
    stage.beside(answers_all(stage));
    int done = 0;
    stage.open();
    for (int at = 0; at < 10; ++at) stage.beside(asks_side_by_side(stage, "/", done));
    EXPECT_EQ(co_await failure_of(stage.client(), "/more"), errc::overloaded);
    while (done < 10) co_await or_return(sleep(1ms));
    EXPECT_EQ(stage.taken, 2);
    EXPECT_EQ(stage.client().connections().idle, 2U);
    EXPECT_EQ(stage.counted("weir_http_client_failures_total", "overloaded"), 1);
    stage.client().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_test, has_no_more_connections_than_its_bound) { run(bounded(*world_)); }

task<result<>> exhausted(io::engine_world& world) {
    client_stage stage{world};
    stage.options.connections.max_size = 1;
    stage.options.connections.acquire_timeout = 20ms;
    stage.beside(serves(stage, {answer("held"), answer("later")}));
    {
        auto held = co_await or_return(stage.client().get("/"));
        const time_point began = world.loop().now();
        EXPECT_EQ(co_await failure_of(stage.client(), "/"), errc::timed_out);
        EXPECT_GE(world.loop().now() - began, 20ms);
        EXPECT_EQ(stage.client().connections().waiting, 0U);
    }
    const auto text = co_await got(stage.client(), "/");
    EXPECT_EQ(text, "later");
    EXPECT_EQ(stage.taken, 1);
    co_return {};
}

TEST_P(http_client_test, waits_in_bounds_for_a_connection) { run(exhausted(*world_)); }

}  // namespace
}  // namespace weir::inline v0::http
