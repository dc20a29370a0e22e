// The pages that show what a running service holds, as a client sees them.
#include <chrono>
#include <cstdlib>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/service/service.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "service/admin_client.hpp"
#include "service/running_service.hpp"
#include "service/stalled_second_loop.hpp"

namespace weir::inline v0 {
namespace {

using test::blocking_client;
using test::eventually;
using test::running_service;

constexpr unsigned reading_line = __LINE__ + 2;
task<> reads_to_the_end(net::connection& connection) {
    while (auto filled = co_await connection.fill()) connection.consume(connection.input().size());
}

// The id of the listed connection of this protocol; which one is accepted first is not told by who
// connected first.
std::string id_of(const service& service, std::string_view protocol) {
    const std::string mark = ",\"loop\":0,\"protocol\":\"" + std::string{protocol} + '"';
    std::string page;
    EXPECT_TRUE(eventually([&] {
        page = test::get(service, "/debug/connections");
        return page.find(mark) != std::string::npos;
    }));
    const auto end = page.find(mark);
    const auto begin = page.rfind(':', end) + 1;
    return page.substr(begin, end - begin);
}

// The listed object that has this text in it.
std::string object_with(std::string_view text, const std::string& page) {
    const auto at = page.find(text);
    if (at == std::string::npos) return "";
    const auto begin = page.rfind('{', at);
    return page.substr(begin, page.find('}', at) - begin + 1);
}

// Of such an object: what follows the key, up to the end.
std::string after_key(std::string_view key, const std::string& object, char end) {
    const std::string mark = '"' + std::string{key} + "\":";
    const auto at = object.find(mark);
    if (at == std::string::npos) return "";
    const auto begin = at + mark.size();
    return object.substr(begin, object.find(end, begin) - begin);
}

// What the page tells of the deadline of the connection of this protocol, in whole seconds; 0 until
// it is there.
int deadline_of(const service& service, std::string_view protocol) {
    const std::string mark = "\"protocol\":\"" + std::string{protocol} + '"';
    const std::string page = test::get(service, "/debug/connections");
    return std::atoi(after_key("deadline_in_seconds", object_with(mark, page), ',').c_str());
}

// Awaits it, and that it is what is left of so many seconds: a busy machine may have taken some.
void expect_deadline(const service& service, std::string_view protocol, int seconds) {
    int deadline = 0;
    EXPECT_TRUE(eventually([&] { return (deadline = deadline_of(service, protocol)) > 0; }));
    EXPECT_GE(deadline, seconds - 10);
    EXPECT_LT(deadline, seconds);
}

// With admin pages, and a listener whose connections are read and not answered.
class debug_test : public testing::Test {
protected:
    debug_test() {
        service_.admin("127.0.0.1:0");
        service_.listen("127.0.0.1:0", reads_to_the_end, "silent");
    }

    std::string page(std::string_view path) { return test::get(service_, path); }
    bool shows(std::string_view path, std::string_view text) {
        return eventually([&] { return page(path).find(text) != std::string::npos; });
    }

    service service_{test::quiet_options()};
};

TEST_F(debug_test, lists_connections_with_what_they_have_done) {
    const running_service running{service_};
    blocking_client client{service_.local(1)};
    client.send("twelve bytes");
    EXPECT_TRUE(shows("/debug/connections", "\"received_bytes\":12,\"sent_bytes\":0"));
    // A moment ago there was that of the page before as well.
    EXPECT_TRUE(shows("/debug/connections", "\"running\":2,\"loops_without_answer\":[]"));
    const std::string all = page("/debug/connections");
    EXPECT_NE(all.find(",\"loop\":0,\"protocol\":\"silent\",\"peer\":\"127.0.0.1:"),
              std::string::npos);
    EXPECT_NE(all.find("\"protocol\":\"admin\""), std::string::npos);
    EXPECT_NE(all.find("\"state\":\"open\",\"in_message\":false"), std::string::npos);
    expect_deadline(service_, "silent", 75);
}

task<result<>> works() { co_return co_await sleep(std::chrono::hours{1}); }

task<> works_for_a_while(net::connection&) {
    auto work = works();
    (void)co_await with_timeout(std::chrono::seconds{20}, std::move(work));
}

TEST(debug_pages, tell_the_deadline_of_a_connection_whose_handler_works) {
    service_options options = test::quiet_options();
    options.drain_timeout = std::chrono::milliseconds{1};
    service service{options};
    service.admin("127.0.0.1:0");
    service.listen("127.0.0.1:0", works_for_a_while, "busy");
    const running_service running{service};
    const blocking_client client{service.local(1)};
    expect_deadline(service, "busy", 20);
}

task<> says_much(net::connection& connection) {
    const std::vector<std::byte> much(1 << 20);
    while (connection.write(much)) {
    }
    (void)co_await connection.flush();
}

TEST(debug_pages, tell_the_deadline_of_a_connection_whose_peer_does_not_read) {
    service_options options = test::quiet_options();
    options.connections.output_limit = 32 << 20;
    options.connections.write_timeout = std::chrono::seconds{50};
    service service{options};
    service.admin("127.0.0.1:0");
    service.listen("127.0.0.1:0", says_much, "loud");
    const running_service running{service};
    const blocking_client client{service.local(1)};
    expect_deadline(service, "loud", 50);
}

TEST(debug_pages, tell_when_a_connection_is_too_old_where_that_comes_first) {
    service_options options = test::quiet_options();
    options.max_connection_age = std::chrono::seconds{50};
    service service{options};
    service.admin("127.0.0.1:0");
    service.listen("127.0.0.1:0", reads_to_the_end, "old");
    const running_service running{service};
    const blocking_client client{service.local(1)};
    expect_deadline(service, "old", 50);
}

TEST_F(debug_test, lists_no_more_than_it_is_asked_for_and_counts_all) {
    const running_service running{service_};
    const blocking_client one{service_.local(1)};
    const blocking_client two{service_.local(1)};
    EXPECT_TRUE(shows("/debug/connections?limit=1", "\"running\":3"));
    const std::string some = page("/debug/connections?limit=1");
    const auto first = some.find("\"id\":");
    EXPECT_NE(first, std::string::npos);
    EXPECT_EQ(some.find("\"id\":", first + 1), std::string::npos);
    for (const std::string_view wrong : {"0", "-1", "x", "1x", "", "100001"}) {
        EXPECT_NE(page("/debug/tasks?limit=" + std::string{wrong}).find(" 400 "), std::string::npos)
            << wrong;
    }
}

TEST_F(debug_test, lists_tasks_and_where_they_wait) {
    const running_service running{service_};
    const blocking_client client{service_.local(1)};
    EXPECT_NE(id_of(service_, "silent"), "");
    const std::string tasks = page("/debug/tasks");
    for (const std::string_view name : {"worker", "acceptor", "beat", "connection"}) {
        EXPECT_NE(tasks.find("\"name\":\"" + std::string{name} + '"'), std::string::npos) << tasks;
    }
    // Some compilers put the way to the sources in front.
    EXPECT_NE(tasks.find("src/service/live_connection.cpp:"), std::string::npos) << tasks;
    EXPECT_NE(tasks.find("tests/service/debug_test.cpp:" + std::to_string(reading_line) + '"'),
              std::string::npos)
        << tasks;
}

task<result<http::response>> nothing_more(http::request&) {
    co_return http::text("nothing more\n");
}

// One that takes no coroutine while it rests.
TEST(debug_pages, join_an_idle_connection_to_its_task_and_tell_where_both_wait) {
    service service{test::quiet_options()};
    service.admin("127.0.0.1:0");
    service.listen("127.0.0.1:0", http::serve(nothing_more), "http");
    const running_service running{service};
    blocking_client client{service.local(1)};
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_NE(client.receive(), "");
    const std::string mark = "\"name\":\"http " + service.local(1).text() + '"';
    const std::string connection = object_with(mark, test::get(service, "/debug/connections"));
    const std::string task = after_key("task", connection, ',');
    ASSERT_NE(task, "") << connection;
    EXPECT_NE(after_key("waits_at", connection, ']').find("src/service/live_connection.cpp:"),
              std::string::npos)
        << connection;
    const std::string served =
        object_with("{\"id\":" + task + ",\"loop\":0,", test::get(service, "/debug/tasks"));
    EXPECT_EQ(after_key("name", served, ','), "\"connection\"") << served;
    EXPECT_EQ(after_key("waits_at", served, ']'), after_key("waits_at", connection, ']'));
}

TEST(debug_pages, name_every_task) {
    service_options options = test::quiet_options();
    options.runtime.loops = 2;
    service service{std::move(options)};
    service.admin("127.0.0.1:0");
    const running_service running{service};
    EXPECT_TRUE(eventually([&] {
        return test::get(service, "/debug/tasks").find("\"name\":\"run_on\"") != std::string::npos;
    }));
    EXPECT_EQ(test::get(service, "/debug/tasks").find("\"name\":\"\""), std::string::npos);
}

TEST_F(debug_test, answers_only_to_this_machines_names) {
    const running_service running{service_};
    for (const std::string_view path : {"/debug/connections", "/debug/tasks", "/debug/log-level"}) {
        EXPECT_NE(test::get(service_, path, "evil.example").find(" 421 "), std::string::npos);
    }
}

TEST_F(debug_test, shows_no_wire_unless_it_is_allowed) {
    const running_service running{service_};
    const blocking_client client{service_.local(1)};
    const std::string id = id_of(service_, "silent");
    EXPECT_NE(page("/debug/connections/" + id + "/wire").find(" 403 "), std::string::npos);
}

service_options traced() {
    service_options options = test::quiet_options();
    options.wire_traces = true;
    return options;
}

task<> answers_once(net::connection& connection) {
    if (auto asked = co_await connection.fill(); !asked) co_return;
    connection.consume(connection.input().size());
    connection.write(as_bytes("answer"));
    (void)co_await connection.flush();
}

TEST(wire_trace, shows_what_a_connection_carries_until_it_ends) {
    service service{traced()};
    service.admin("127.0.0.1:0");
    service.listen("127.0.0.1:0", answers_once);
    const running_service running{service};
    blocking_client client{service.local(1)};
    const std::string wire = "/debug/connections/" + id_of(service, "tcp") + "/wire";
    std::string traced;
    std::jthread watching{[&] { traced = test::get(service, wire + "?seconds=20"); }};
    EXPECT_TRUE(eventually([&] {
        return test::get(service, "/debug/connections").find("\"traced\":true") !=
               std::string::npos;
    }));
    EXPECT_NE(test::get(service, wire).find(" 409 "), std::string::npos);
    client.send("question");
    client.shutdown();
    watching.join();
    EXPECT_NE(traced.find(" < 8 bytes"), std::string::npos) << traced;
    EXPECT_NE(traced.find("question"), std::string::npos) << traced;
    EXPECT_NE(traced.find(" > 6 bytes"), std::string::npos) << traced;
    EXPECT_NE(traced.find("answer"), std::string::npos) << traced;
}

TEST(wire_trace, shows_no_secret_that_began_before_it) {
    service service{traced()};
    service.admin("127.0.0.1:0");
    http::router pages;
    pages.route("GET", "/", [](http::request&) { return http::text("hello"); });
    service.listen("127.0.0.1:0", http::serve(std::move(pages)), "http");
    const running_service running{service};
    blocking_client client{service.local(1)};
    const std::string begin = "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer 0123";
    client.send(begin);
    const std::string received = "\"received_bytes\":" + std::to_string(begin.size());
    EXPECT_TRUE(eventually([&] {
        return test::get(service, "/debug/connections").find(received) != std::string::npos;
    }));
    const std::string wire = "/debug/connections/" + id_of(service, "http") + "/wire";
    std::string traced;
    std::jthread watching{[&] { traced = test::get(service, wire + "?seconds=20"); }};
    EXPECT_TRUE(eventually([&] {
        return test::get(service, "/debug/connections").find("\"traced\":true") !=
               std::string::npos;
    }));
    client.send("4567\r\nConnection: close\r\n\r\n");
    EXPECT_NE(client.receive_all().find("hello"), std::string::npos);
    watching.join();
    EXPECT_NE(traced.find("****.."), std::string::npos) << traced;
    EXPECT_NE(traced.find("hello"), std::string::npos) << traced;
    EXPECT_EQ(traced.find("4567"), std::string::npos) << traced;
}

TEST(wire_trace, ends_when_its_time_is_over_and_knows_no_connection_that_is_not_there) {
    service service{traced()};
    service.admin("127.0.0.1:0");
    service.listen("127.0.0.1:0", reads_to_the_end);
    const running_service running{service};
    const blocking_client client{service.local(1)};
    const std::string wire = "/debug/connections/" + id_of(service, "tcp") + "/wire";
    EXPECT_NE(test::get(service, wire + "?seconds=1").find("200 OK"), std::string::npos);
    EXPECT_NE(test::get(service, "/debug/connections/99/wire").find(" 404 "), std::string::npos);
    EXPECT_NE(test::get(service, wire + "?seconds=21").find(" 400 "), std::string::npos);
    EXPECT_NE(test::get(service, "/debug/connections/x/wire").find(" 400 "), std::string::npos);
}

TEST_F(debug_test, tells_and_sets_the_log_level) {
    const running_service running{service_};
    EXPECT_NE(page("/debug/log-level").find("\r\n\r\noff\n"), std::string::npos);
    const auto put = [this](std::string_view level) {
        return test::ask(service_, {.method = "PUT", .path = "/debug/log-level", .body = level});
    };
    EXPECT_NE(put("error").find("200 OK"), std::string::npos);
    EXPECT_EQ(service_.log().level(), log_level::error);
    EXPECT_NE(put("loud").find(" 400 "), std::string::npos);
    const test::admin_request post{.method = "POST", .path = "/debug/log-level", .body = "off"};
    EXPECT_NE(test::ask(service_, post).find(" 405 "), std::string::npos);
    EXPECT_NE(page("/debug/log-level").find("\r\n\r\nerror\n"), std::string::npos);
}

TEST(debug, names_a_loop_that_does_not_answer) {
    test::stalled_second_loop stalled;
    service& service = stalled.service;
    EXPECT_NE(test::get(service, "/debug/tasks").find("\"loops_without_answer\":[1]"),
              std::string::npos);
    stalled.release();
    EXPECT_TRUE(eventually([&] {
        return test::get(service, "/debug/tasks").find("\"loops_without_answer\":[]") !=
               std::string::npos;
    }));
}

// Once it is told of the drain, each loop has been.
void wait_for_the_drain(blocking_client& admin) {
    EXPECT_TRUE(eventually([&] {
        admin.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return admin.receive().find("Connection: close") != std::string::npos;
    }));
}

// Ends a request that has begun.
std::string get_rest(blocking_client& admin, std::string_view rest) {
    admin.send(std::string{rest} + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return admin.receive_all();
}

// Between two questions, of which there are not many.
void let_loops_turn() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{50};
    EXPECT_TRUE(eventually([&] { return std::chrono::steady_clock::now() > until; }));
}

// Who asks what keeps a drain must not end it. A loop that has nothing left ends before others do.
TEST(debug, shows_what_is_left_of_a_service_that_drains) {
    service_options two_loops = test::quiet_options();
    two_loops.runtime.loops = 2;
    service service{two_loops};
    service.admin("127.0.0.1:0");
    running_service running{service};
    blocking_client is_told{service.local(0)};
    std::deque<blocking_client> ask;
    for (int i = 0; i < 32; ++i) ask.emplace_back(service.local(0)).send("GET /debug/");
    ASSERT_TRUE(eventually([&] { return service.open_connections() == 33; }));
    service.drain();
    wait_for_the_drain(is_told);
    std::string page;
    do {
        ASSERT_GT(ask.size(), 1U) << "the other loop's worker has not ended: " << page;
        page = get_rest(ask.front(), "tasks");
        EXPECT_NE(page.find("\"loops_without_answer\":[]"), std::string::npos) << page;
        ask.pop_front();
        let_loops_turn();
    } while (page.find("worker elsewhere") != std::string::npos);
    page = get_rest(ask.front(), "connections");
    EXPECT_NE(page.find("\"loops_without_answer\":[]"), std::string::npos) << page;
    ask.clear();
    EXPECT_TRUE(running.wait().has_value());
}

}  // namespace
}  // namespace weir::inline v0
