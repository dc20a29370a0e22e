// What a client makes of servers that break off, lie, talk out of turn, or say nothing; what it
// asks again, and what not.
#include "http/server_end.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class http_client_loss_test : public http_client_test {};

INSTANTIATE_TEST_SUITE_P(on, http_client_loss_test, testing::ValuesIn(io::engine_names()),
                         io::name_of);

const std::string ok = "HTTP/1.1 200 OK\r\n";

task<errc> sent(http::client& by, const client_request& request) {
    const auto response = co_await by.send(request);
    co_return response ? errc{} : response.error().code();
}

// --- on a fresh connection

task<result<>> broken(io::engine_world& world, std::string said, afterwards then, errc expected) {
    client_stage stage{world};
    stage.beside(serves(stage, {std::move(said)}, then));
    const auto outcome = co_await got(stage.client(), "/");
    EXPECT_EQ(outcome, to_string(expected));
    EXPECT_EQ(stage.retries(), 0);
    EXPECT_EQ(stage.client().connections().idle, 0U);
    EXPECT_EQ(stage.counted("weir_http_client_requests_in_flight"), 0);
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_return {};
}

TEST_P(http_client_loss_test, says_where_a_server_broke_off) {
    using enum afterwards;
    const auto check = [this](std::string said, afterwards then, errc expected) {
        SCOPED_TRACE(said);
        run(broken(*world_, std::move(said), then, expected));
    };
    check("", closes, errc::unavailable);
    check("", resets, errc::unavailable);
    check("HTTP/1.1 2", closes, errc::unavailable);
    check(ok + "Content-Le", closes, errc::unavailable);
    check("HTTP/1.1 100 Continue\r\n\r\n", closes, errc::unavailable);
    check(ok + "Content-Length: 5\r\n\r\nabc", closes, errc::end_of_stream);
    check(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc", closes, errc::end_of_stream);
    check(ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", closes, errc::end_of_stream);
}

task<result<>> resets_in_body(client_stage& stage, std::string said, const bool& read) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    co_await or_return(peer->say(std::move(said)));
    while (!read) co_await or_return(sleep(1ms));
    peer->connection().abort();
    co_return {};
}

// A reset ends no body, not even one that ends with its stream.
task<result<>> reset_in_body(io::engine_world& world, std::string said) {
    client_stage stage{world};
    bool read = false;
    stage.beside(resets_in_body(stage, std::move(said), read));
    {
        auto response = co_await or_return(stage.client().get("/"));
        const bytes_view piece = co_await or_return(response.read());
        EXPECT_EQ(as_text(piece), "abc");
        read = true;
        const auto next = co_await response.read();
        EXPECT_EQ(next.error(), errc::reset);
        const auto later = co_await response.read();
        EXPECT_EQ(later.error(), errc::reset);
    }
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_return {};
}

TEST_P(http_client_loss_test, takes_no_reset_for_the_end_of_a_body) {
    run(reset_in_body(*world_, ok + "Content-Length: 5\r\n\r\nabc"));
    run(reset_in_body(*world_, ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
    run(reset_in_body(*world_, ok + "\r\nabc"));
}

task<result<>> refuses(io::engine_world& world, std::string said, errc expected) {
    client_stage stage{world};
    stage.options.limits.max_field_bytes = 100;
    stage.options.limits.max_body_bytes = 10;
    stage.beside(serves(stage, {std::move(said)}));
    const auto response = co_await stage.client().get("/");
    EXPECT_EQ(response.error(), expected);
    EXPECT_NE(response.error().message().find("refused: "), std::string::npos);
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    EXPECT_EQ(stage.counted("weir_http_client_failures_total", to_string(expected)), 1);
    co_return {};
}

TEST_P(http_client_loss_test, refuses_what_is_no_response) {
    const auto check = [this](std::string said, errc expected) {
        SCOPED_TRACE(said);
        run(refuses(*world_, std::move(said), expected));
    };
    check("SSH-2.0-OpenSSH_9.2p1\r\n", errc::bad_response);
    check("HTTP/2 200\r\n\r\n", errc::bad_response);
    check("HTTP/1.1 99 Low\r\n\r\n", errc::bad_response);
    check(ok + "A : b\r\n\r\n", errc::bad_response);
    check(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", errc::bad_response);
    check(ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", errc::bad_response);
    check("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", errc::bad_response);
    check(ok + "X: " + std::string(200, 'x') + "\r\n\r\n", errc::bad_response);
    check(ok + "Content-Length: 11\r\n\r\n", errc::bad_response);
}

// What ends with its stream is too large only once too much of it has come.
task<result<>> runs_over(io::engine_world& world) {
    client_stage stage{world};
    stage.options.limits.max_body_bytes = 10;
    stage.beside(serves(stage, {ok + "\r\n0123456789ab"}, afterwards::closes));
    {
        auto response = co_await or_return(stage.client().get("/"));
        std::string body;
        auto piece = co_await response.read();
        for (; piece && !piece->empty(); piece = co_await response.read()) body += as_text(*piece);
        EXPECT_EQ(piece.error(), errc::bad_response);
        EXPECT_EQ(body, "0123456789");
    }
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_return {};
}

TEST_P(http_client_loss_test, hands_on_what_its_limit_allows_of_a_body_without_a_length) {
    run(runs_over(*world_));
}

task<result<>> says_the_same(client_stage& stage, std::string text) {
    auto peer = co_await or_return(stage.take());
    for (;;)
        if (auto said = co_await peer->say(text); !said) co_return {};
}

// No deadline would end it, if the loop's time stood still meanwhile.
task<result<>> never_comes_to_it(io::engine_world& world, std::string body) {
    client_stage stage{world};
    stage.beside(says_the_same(stage, "HTTP/1.1 102 Processing\r\n\r\n"));
    auto request = made(method::post);
    request.set_body(std::move(body));
    const auto response = co_await stage.client().send(request);
    EXPECT_EQ(response.error(), errc::bad_response);
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_return {};
}

TEST_P(http_client_loss_test, refuses_interim_responses_without_an_end) {
    run(never_comes_to_it(*world_, ""));
    run(never_comes_to_it(*world_, std::string(world_->flood(), 'x')));
}

TEST_P(http_client_loss_test, refuses_what_is_no_body) {
    using enum afterwards;
    const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    run(broken(*world_, chunked + "x\r\n", stays, errc::bad_response));
    run(broken(*world_, chunked + "3\r\nabcde\r\n", stays, errc::bad_response));
}

// --- between two requests

task<result<>> until_none_rests(client_stage& stage) {
    while (stage.client().connections().idle > 0) co_await or_return(sleep(1ms));
    co_return {};
}

// What comes where nothing was asked for: the end, or a response that could be taken for the next.
task<result<>> gone_at_rest(client_stage& stage, afterwards then, std::string said) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    co_await or_return(peer->say(answer("first")));
    while (stage.client().connections().idle == 0) co_await or_return(sleep(1ms));
    if (!said.empty()) co_await or_return(peer->say(std::move(said)));
    if (then == afterwards::resets) peer->connection().abort();
    if (then == afterwards::closes) co_await peer->connection().close();
    if (then == afterwards::stays) (void)co_await peer->end();
    co_return {};
}

task<result<>> noticed(io::engine_world& world, afterwards then, std::string said) {
    client_stage stage{world};
    stage.beside(gone_at_rest(stage, then, std::move(said)));
    EXPECT_EQ(co_await got(stage.client(), "/"), "first");
    co_await or_return(until_none_rests(stage));
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0) << "it holds no socket any more";
    stage.beside(serves(stage, {answer("second")}));
    const auto request = made(method::post);
    auto response = co_await or_return(stage.client().send(request));
    EXPECT_EQ(co_await or_return(response.text()), "second");
    EXPECT_EQ(stage.retries(), 0);
    co_return {};
}

TEST_P(http_client_loss_test, notices_that_a_resting_connection_has_ended) {
    run(noticed(*world_, afterwards::closes, ""));
    run(noticed(*world_, afterwards::resets, ""));
}

TEST_P(http_client_loss_test, does_not_use_a_connection_that_talks_out_of_turn) {
    run(noticed(*world_, afterwards::stays, answer("poison")));
    run(noticed(*world_, afterwards::stays, "\r\n"));
}

task<result<>> leftover(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(serves(stage, {answer("first") + "HTTP/1.1 "}));
    EXPECT_EQ(co_await got(stage.client(), "/"), "first");
    co_await or_return(until_none_rests(stage));
    stage.beside(serves(stage, {answer("second")}));
    EXPECT_EQ(co_await got(stage.client(), "/"), "second");
    co_return {};
}

TEST_P(http_client_loss_test, does_not_use_a_connection_with_a_byte_too_many) {
    run(leftover(*world_));
}

task<result<>> idles(io::engine_world& world) {
    client_stage stage{world};
    stage.options.idle_timeout = 30ms;
    stage.beside(serves(stage, {answer("a"), answer("b")}));
    for (const std::string body : {"a", "b"}) {
        EXPECT_EQ(co_await got(stage.client(), "/"), body);
        co_await or_return(sleep(10ms));
        EXPECT_EQ(stage.client().connections().idle, 1U);
    }
    co_await stage.scope.join();
    EXPECT_EQ(stage.client().connections().idle, 0U);
    co_return {};
}

TEST_P(http_client_loss_test, closes_what_rests_too_long) { run(idles(*world_)); }

// --- what is asked again

// Ends with a request that it has read, and says this much for it.
task<result<>> dies_of_the_second(client_stage& stage, afterwards then, std::string said) {
    auto peer = co_await or_return(stage.take());
    stage.heard.push_back(co_await or_return(peer->hear_head()));
    co_await or_return(peer->say(answer("first")));
    stage.heard.push_back(co_await or_return(peer->hear_head()));
    if (!said.empty()) co_await or_return(peer->say(std::move(said)));
    if (then == afterwards::resets) {
        peer->connection().abort();
    } else {
        co_await peer->connection().close();
    }
    co_return {};
}

struct second_request {
    method asked = method::get;
    afterwards then = afterwards::closes;
    std::string said;
    errc outcome{};
};

task<result<>> asked_twice(io::engine_world& world, second_request of) {
    client_stage stage{world};
    stage.beside(dies_of_the_second(stage, of.then, of.said));
    EXPECT_EQ(co_await got(stage.client(), "/"), "first");
    stage.beside(serves(stage, {answer("again")}));
    auto request = made(of.asked);
    if (of.asked == method::put || of.asked == method::post) request.set_body("a body");
    EXPECT_EQ(co_await sent(stage.client(), request), of.outcome);
    const bool again = of.outcome == errc{};
    EXPECT_EQ(stage.heard.size(), again ? 3U : 2U);
    EXPECT_EQ(stage.retries(), again ? 1 : 0);
    co_return {};
}

// RFC 9110 section 9.2.2, RFC 9112 section 9.3.1.
TEST_P(http_client_loss_test, asks_once_more_where_a_kept_connection_was_gone) {
    for (const auto then : {afterwards::closes, afterwards::resets})
        for (const auto which : {method::get, method::head, method::put, method::delete_,
                                 method::options, method::trace})
            run(asked_twice(*world_, {which, then, "", errc{}}));
}

TEST_P(http_client_loss_test, asks_nothing_twice_that_may_have_been_executed) {
    for (const auto then : {afterwards::closes, afterwards::resets})
        for (const auto which : {method::post, method::patch})
            run(asked_twice(*world_, {which, then, "", errc::outcome_unknown}));
}

TEST_P(http_client_loss_test, asks_nothing_twice_of_whose_response_a_byte_has_come) {
    run(asked_twice(*world_, {method::get, afterwards::closes, "H", errc::unavailable}));
    run(asked_twice(*world_, {method::get, afterwards::closes, "HTTP/1.1 100 Continue\r\n\r\n",
                              errc::unavailable}));
}

TEST_P(http_client_loss_test, asks_nothing_twice_that_was_refused) {
    run(asked_twice(*world_, {method::get, afterwards::closes, "what?\r\n", errc::bad_response}));
}

task<result<>> uploads_twice(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(dies_of_the_second(stage, afterwards::closes, ""));
    EXPECT_EQ(co_await got(stage.client(), "/"), "first");
    auto request = made(method::put);
    request.announce_body(3);
    auto upload = co_await or_return(stage.client().upload(request));
    co_await or_return(upload.write(as_bytes("abc")));
    const auto response = co_await upload.finish();
    EXPECT_EQ(response.error(), errc::unavailable);
    EXPECT_EQ(stage.retries(), 0);
    co_return {};
}

TEST_P(http_client_loss_test, asks_nothing_twice_whose_body_is_gone) {
    run(uploads_twice(*world_));
}

using server_ends = std::vector<std::unique_ptr<server_end>>;

task<result<>> meets(client_stage& stage, server_ends& peers) {
    peers.push_back(co_await or_return(stage.take()));
    server_end& peer = *peers.back();
    co_await or_return(peer.hear_head());
    co_return co_await peer.say(answer("first"));
}

task<result<>> dies(std::unique_ptr<server_end> peer) {
    const auto heard = co_await peer->hear_head();
    if (!heard) {
        EXPECT_EQ(heard.error(), errc::end_of_stream) << "not trusted any more";
    }
    peer->connection().abort();
    co_return {};
}

// Both connections were made before; the second attempt is not to meet the other dead one.
task<result<>> all_dead(io::engine_world& world) {
    client_stage stage{world};
    server_ends peers;
    stage.beside(meets(stage, peers));
    stage.beside(meets(stage, peers));
    {
        auto one = co_await or_return(stage.client().get("/"));
        auto other = co_await or_return(stage.client().get("/"));
        EXPECT_EQ(co_await or_return(one.text()), "first");
        EXPECT_EQ(co_await or_return(other.text()), "first");
    }
    EXPECT_EQ(stage.client().connections().idle, 2U);
    for (auto& peer : peers) stage.beside(dies(std::move(peer)));
    stage.beside(serves(stage, {answer("again")}));
    EXPECT_EQ(co_await got(stage.client(), "/"), "again");
    EXPECT_EQ(stage.retries(), 1);
    EXPECT_EQ(stage.client().connections().idle, 1U);
    stage.client().close();
    co_return {};
}

TEST_P(http_client_loss_test, asks_once_more_on_a_connection_that_is_new) {
    run(all_dead(*world_));
}

task<result<>> dies_twice(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(dies_of_the_second(stage, afterwards::closes, ""));
    EXPECT_EQ(co_await got(stage.client(), "/"), "first");
    stage.beside(serves(stage, {""}, afterwards::closes));
    EXPECT_EQ(co_await got(stage.client(), "/"), to_string(errc::unavailable));
    EXPECT_EQ(stage.heard.size(), 3U);
    EXPECT_EQ(stage.retries(), 1);
    co_return {};
}

TEST_P(http_client_loss_test, asks_nothing_a_third_time) { run(dies_twice(*world_)); }

task<result<>> connects_too_late(io::engine_world& world) {
    client_stage stage{world};
    net::silent_names nobody_answers;
    stage.options.hosts = {*net::host::parse("slow:7")};
    stage.options.connect_timeout = 50ms;
    http::client client{world.loop(), nobody_answers, stage.options};
    const time_point began = world.loop().now();
    const auto response = co_await client.get("/");
    EXPECT_EQ(response.error(), errc::unavailable);
    EXPECT_EQ(response.error().text(), "not sent");
    EXPECT_EQ(*response.error().cause(), errc::timed_out);
    EXPECT_GE(world.loop().now() - began, 50ms);
    EXPECT_LT(world.loop().now() - began, 5s);
    co_return {};
}

TEST_P(http_client_loss_test, gives_up_a_connection_that_takes_too_long) {
    run(connects_too_late(*world_));
}

task<result<>> nobody(io::engine_world& world) {
    client_stage stage{world};
    stage.leave();
    const auto request = made(method::post);
    const auto response = co_await stage.client().send(request);
    EXPECT_EQ(response.error(), errc::unavailable);
    EXPECT_EQ(response.error().text(), "not sent");
    EXPECT_EQ(*response.error().cause(), errc::refused);
    EXPECT_NE(response.error().message().find(stage.authority() + ": refused"), std::string::npos)
        << response.error().message();
    stage.listen();
    stage.beside(serves(stage, {answer("back")}));
    EXPECT_EQ(co_await got(stage.client(), "/"), "back");
    co_return {};
}

TEST_P(http_client_loss_test, says_that_nobody_is_there) { run(nobody(*world_)); }

}  // namespace
}  // namespace weir::inline v0::http
