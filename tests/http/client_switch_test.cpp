// A client that asks for another protocol: who answers with 101, with what else, and not at all.
#include <string>

#include "http/server_end.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class http_client_switch_test : public http_client_test {};

INSTANTIATE_TEST_SUITE_P(on, http_client_switch_test, testing::ValuesIn(io::engine_names()),
                         io::name_of);

client_request asking_for_mirror() {
    client_request request = made(method::get, "/mirror");
    request.switch_to("mirror/1");
    return request;
}

// What comes next on a connection, so many bytes of it.
task<result<std::string>> heard(net::connection& on, std::size_t bytes) {
    while (on.input().size() < bytes) co_await or_return(on.fill());
    std::string text{as_text(on.input().first(bytes))};
    on.consume(bytes);
    co_return text;
}

task<result<>> said(net::connection& on, std::string text) {
    if (!on.write(as_bytes(text))) co_return fail(errc::overloaded);
    co_return co_await on.flush();
}

constexpr std::string_view switched =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: Mirror/1\r\n\r\n";

task<result<>> mirrors_for_one(client_stage& stage) {
    const auto end = co_await or_return(stage.take());
    const std::string asked = co_await or_return(end->hear_head());
    EXPECT_NE(asked.find("\r\nConnection: Upgrade\r\nUpgrade: mirror/1\r\n"), std::string::npos)
        << asked;
    // Before the end of HTTP, and right behind it.
    co_await or_return(end->say("HTTP/1.1 103 Early Hints\r\n\r\n" + std::string{switched} + "hi"));
    EXPECT_EQ(co_await or_return(end->hear(6)), "mirror");
    co_await or_return(end->say("rorrim"));
    EXPECT_EQ(co_await end->end(), errc::end_of_stream);
    co_return {};
}

task<result<>> speaks_another_protocol(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(mirrors_for_one(stage));
    {
        auto response = co_await or_return(stage.client().send(asking_for_mirror()));
        EXPECT_EQ(response.status(), status::switching_protocols);
        EXPECT_EQ(response.header("upgrade"), "Mirror/1");
        EXPECT_EQ(co_await or_return(response.text()), "") << "it has no body";
        EXPECT_EQ(stage.client().connections().in_use, 1U);
        EXPECT_EQ(stage.counted("weir_http_client_requests_in_flight"), 0) << "HTTP has ended";
        net::connection& connection = *response.connection();
        EXPECT_EQ(co_await or_return(heard(connection, 2)), "hi");
        co_await or_return(said(connection, "mirror"));
        EXPECT_EQ(co_await or_return(heard(connection, 6)), "rorrim");
        EXPECT_EQ(response.header("upgrade"), "Mirror/1") << "a view stays";
        co_await connection.close();
    }
    EXPECT_EQ(stage.client().connections().in_use, 0U);
    EXPECT_EQ(stage.client().connections().idle, 0U) << "it is never lent again";
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_switch_test, has_the_connection_from_101_on) {
    run(speaks_another_protocol(*world_));
}

// Answers one request's head with this, and hears how it goes on.
task<result<>> says(client_stage& stage, std::string text) {
    const auto end = co_await or_return(stage.take());
    co_await or_return(end->hear_head());
    co_await or_return(end->say(std::move(text)));
    EXPECT_NE(co_await end->end(), errc{});
    co_return {};
}

// A wait under the task's deadline, on what was HTTP's before.
task<result<>> waits_in_vain(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(says(stage, std::string{switched}));
    {
        auto response = co_await or_return(stage.client().send(asking_for_mirror()));
        auto late = co_await with_timeout(20ms, heard(*response.connection(), 1));
        EXPECT_EQ(late.error(), errc::timed_out);
        response.connection()->abort();
    }
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_switch_test, may_give_up_what_speaks_another_protocol) {
    run(waits_in_vain(*world_));
}

// What a server says to it, and what becomes of that.
task<result<>> answered_with(io::engine_world& world, std::string text, errc expected) {
    client_stage stage{world};
    stage.beside(says(stage, std::move(text)));
    auto response = co_await stage.client().send(asking_for_mirror());
    EXPECT_EQ(response ? errc{} : response.error().code(), expected);
    if (response) {
        EXPECT_EQ(response->status(), status::ok);
        EXPECT_EQ(response->connection(), nullptr) << "it is the client's own";
        EXPECT_EQ(co_await or_return(response->text()), "no");
        response = fail(errc::closed);
    }
    stage.client().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_switch_test, takes_no_protocol_that_was_not_asked_for) {
    const std::string line = "HTTP/1.1 101 Switching Protocols\r\n";
    for (const char* fields : {"", "Connection: upgrade\r\n", "Upgrade: mirror/1\r\n",
                               "Connection: close\r\nUpgrade: mirror/1\r\n",
                               "Connection: upgrade\r\nUpgrade: mirror/2\r\n"}) {
        run(answered_with(*world_, line + fields + "\r\n", errc::bad_response));
    }
    run(answered_with(*world_,
                      "HTTP/1.0 101 So\r\nConnection: upgrade\r\nUpgrade: mirror/1\r\n\r\n",
                      errc::bad_response));
}

// Of a request whose body is still on its way.
task<result<>> is_cut_short(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(says(stage, std::string{switched}));
    auto request = made(method::post, "/mirror");
    request.switch_to("mirror/1");
    request.announce_body(1'000);
    auto upload = co_await or_return(stage.client().upload(request));
    errc failed{};
    for (int part = 0; part < 1'000 && failed == errc{}; ++part) {
        auto written = co_await upload.write(as_bytes("x"));
        if (!written) failed = written.error().code();
        co_await sleep(1ms);
    }
    EXPECT_EQ(failed, errc::bad_response);
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_switch_test, does_not_leave_http_amid_its_request) {
    run(is_cut_short(*world_));
}

task<result<>> asks_on_one_that_rested(io::engine_world& world) {
    client_stage stage{world};
    stage.options.idle_timeout = 30ms;
    const auto server = [](client_stage& at) -> task<result<>> {
        const auto end = co_await or_return(at.take());
        co_await or_return(end->hear_head());
        co_await or_return(end->say(answer("first")));
        co_await or_return(end->hear_head());
        co_await or_return(end->say(std::string{switched}));
        EXPECT_EQ(co_await end->end(), errc::reset);
        co_return {};
    };
    stage.beside(server(stage));
    EXPECT_EQ(co_await got(stage.client(), "/"), "first");
    {
        auto response = co_await or_return(stage.client().send(asking_for_mirror()));
        stage.client().close();
        const auto nothing = co_await response.connection()->fill();
        EXPECT_EQ(nothing.error(), errc::timed_out) << "its reads wait for idle_timeout";
        response.connection()->write(as_bytes("not to look whole"));
    }
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_switch_test, bounds_what_it_left_and_resets_what_is_dropped) {
    run(asks_on_one_that_rested(*world_));
}

TEST_P(http_client_switch_test, goes_on_in_http_where_the_server_does) {
    run(answered_with(*world_, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", errc{}));
}

}  // namespace
}  // namespace weir::inline v0::http
