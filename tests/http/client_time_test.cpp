// A client's deadlines and stops: each wait ends, says why, and leaves no connection to be used
// again.
#include "weir/task/with_stop.hpp"

#include "http/server_end.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class http_client_time_test : public http_client_test {};

INSTANTIATE_TEST_SUITE_P(on, http_client_time_test, testing::ValuesIn(io::engine_names()),
                         io::name_of);

// Says these, one after the other with a pause behind each, and listens until the client has ended.
task<result<>> says_slowly(client_stage& stage, std::vector<std::string> texts, errc& ended) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    for (std::string& text : texts) {
        if (auto said = co_await peer->say(std::move(text)); !said) break;
        (void)co_await sleep(10ms);
    }
    ended = co_await peer->end();
    co_return {};
}

std::vector<std::string> drops(std::string first, std::string each, int times) {
    std::vector<std::string> all{std::move(first)};
    all.insert(all.end(), static_cast<std::size_t>(times), each);
    return all;
}

struct slowness {
    std::vector<std::string> said;
    std::string text;  // of the error
};

task<result<>> too_slow(io::engine_world& world, slowness of) {
    client_stage stage{world};
    stage.options.head_timeout = stage.options.body_timeout = 50ms;
    errc ended{};
    stage.beside(says_slowly(stage, std::move(of.said), ended));
    error why = errc::internal;
    {
        auto response = co_await stage.client().get("/");
        if (response) {
            const auto body = co_await response->text();
            EXPECT_FALSE(body.has_value());
            if (!body) why = body.error().clone();
        } else {
            why = response.error().clone();
        }
    }
    EXPECT_EQ(why, errc::timed_out);
    EXPECT_EQ(why.text(), of.text);
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_await stage.scope.join();
    EXPECT_EQ(ended, errc::reset) << "the server is to stop";
    co_return {};
}

TEST_P(http_client_time_test, gives_a_server_its_time_and_no_more) {
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::string head = "the server did not respond in time";
    const std::string body = "the server sends its response's body too slowly";
    run(too_slow(*world_, {{}, head}));
    run(too_slow(*world_, {drops(ok, "X: y\r\n", 20), head}));
    run(too_slow(*world_, {drops("", "HTTP/1.1 102 Processing\r\n\r\n", 20), head}));
    run(too_slow(*world_, {{ok + "Content-Length: 2\r\n\r\nx"}, body}));
    run(too_slow(*world_, {drops(ok + "Content-Length: 99\r\n\r\n", "x", 20), body}));
    run(too_slow(*world_,
                 {drops(ok + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 20), body}));
    run(too_slow(*world_, {drops(ok + "\r\n", "x", 20), body}));
}

task<result<>> slow_and_fine(io::engine_world& world) {
    client_stage stage{world};
    stage.options.body_timeout = 200ms;
    stage.options.min_body_bytes = 1;
    errc ended{};
    stage.beside(
        says_slowly(stage, drops("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n", "x", 40), ended));
    EXPECT_EQ(co_await got(stage.client(), "/"), std::string(40, 'x'));
    EXPECT_EQ(stage.client().connections().idle, 1U);
    stage.client().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_time_test, bears_a_slow_body_where_it_is_told_to) {
    run(slow_and_fine(*world_));
}

enum class place : std::uint8_t { connection, head, body, continuation, sending };

// Comes as far as that place, where the server says no more.
task<result<>> asks_up_to(client_stage& stage, place where) {
    auto request = made(where == place::sending ? method::put : method::get);
    if (where == place::sending) request.set_body(std::string(stage.here->flood(), 'x'));
    if (where == place::continuation) {
        request = made(method::post);
        request.set_body("a body");
        request.expect_continue();
    }
    auto response = co_await or_return(stage.client().send(request));
    const auto body = co_await or_return(response.text());
    ADD_FAILURE() << body;
    co_return {};
}

task<result<>> falls_silent(client_stage& stage, place where) {
    auto peer = co_await or_return(stage.take());
    if (where == place::body)
        co_await or_return(peer->say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx"));
    co_return co_await sleep(1h);
}

task<result<>> prepare(client_stage& stage, task_scope& serving, place where) {
    stage.options.continue_timeout = 1h;
    stage.options.connections.max_size = 1;
    serving.spawn(falls_silent(stage, where));
    stage.open();
    if (where != place::connection) co_return {};
    serving.spawn(asks_up_to(stage, place::head));
    while (stage.client().connections().in_use == 0) co_await or_return(sleep(1ms));
    co_return {};
}

task<result<>> in_time(io::engine_world& world, place where) {
    client_stage stage{world};
    task_scope serving{world.loop().env(), [](const error&) {}};
    co_await or_return(prepare(stage, serving, where));
    const time_point began = world.loop().now();
    auto asking = asks_up_to(stage, where);
    const auto outcome = co_await with_timeout(30ms, std::move(asking));
    EXPECT_EQ(outcome.error(), errc::timed_out);
    EXPECT_GE(world.loop().now() - began, 30ms);
    EXPECT_LT(world.loop().now() - began, 5s);
    const auto left = stage.client().connections();
    EXPECT_EQ(left.in_use, where == place::connection ? 1U : 0U);
    EXPECT_EQ(left.idle + left.waiting, 0U);
    co_return {};
}

task<result<>> stops_soon(stop_node& which) {
    co_await or_return(sleep(20ms));
    which.request();
    co_return {};
}

task<result<>> stopped(io::engine_world& world, place where) {
    client_stage stage{world};
    task_scope serving{world.loop().env(), [](const error&) {}};
    co_await or_return(prepare(stage, serving, where));
    stop_node stop{world.loop().env().stop()};
    stage.beside(stops_soon(stop));
    auto asking = asks_up_to(stage, where);
    const auto outcome = co_await with_stop(stop, std::move(asking));
    EXPECT_EQ(outcome.error(), errc::canceled);
    EXPECT_EQ(stage.client().connections().in_use, where == place::connection ? 1U : 0U);
    EXPECT_EQ(stage.client().connections().idle, 0U);
    auto again = asks_up_to(stage, place::head);
    const auto at_once = co_await with_stop(stop, std::move(again));
    EXPECT_EQ(at_once.error(), errc::canceled);
    co_return {};
}

// Destroyed where it waits.
task<result<>> dropped(io::engine_world& world, place where) {
    client_stage stage{world};
    task_scope serving{world.loop().env(), [](const error&) {}};
    co_await or_return(prepare(stage, serving, where));
    {
        task_scope asking{world.loop().env(), [](const error&) {}};
        asking.spawn(asks_up_to(stage, where));
        co_await or_return(sleep(20ms));
    }
    EXPECT_EQ(stage.client().connections().in_use, where == place::connection ? 1U : 0U);
    EXPECT_EQ(stage.client().connections().waiting, 0U);
    EXPECT_EQ(stage.client().connections().idle, 0U);
    co_return {};
}

constexpr place places[] = {place::connection, place::head, place::body, place::continuation,
                            place::sending};

TEST_P(http_client_time_test, ends_every_wait_at_its_caller_s_deadline) {
    for (const place where : places) run(in_time(*world_, where));
}

TEST_P(http_client_time_test, ends_every_wait_at_its_caller_s_stop) {
    for (const place where : places) run(stopped(*world_, where));
}

TEST_P(http_client_time_test, leaves_nothing_behind_where_it_is_destroyed) {
    for (const place where : places) run(dropped(*world_, where));
}

// What is dropped unread: kept where all of it has come, closed where more is to come.
task<result<>> unread(io::engine_world& world, std::string said, bool kept) {
    client_stage stage{world};
    errc ended{};
    stage.beside(says_slowly(stage, {std::move(said)}, ended));
    {
        auto response = co_await or_return(stage.client().get("/"));
        co_await or_return(sleep(5ms));
    }
    EXPECT_EQ(stage.client().connections().idle, kept ? 1U : 0U);
    stage.client().close();
    co_await stage.scope.join();
    EXPECT_EQ(ended, kept ? errc::end_of_stream : errc::reset);
    co_return {};
}

TEST_P(http_client_time_test, keeps_a_connection_only_where_nothing_is_to_come) {
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    run(unread(*world_, answer("unread"), true));
    run(unread(*world_, ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", true));
    run(unread(*world_, ok + "Content-Length: 7\r\n\r\nunread", false));
    run(unread(*world_, ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", false));
    run(unread(*world_, ok + "\r\nto the end", false));
}

}  // namespace
}  // namespace weir::inline v0::http
