// Calls: many at a time, answered in any order, ended by their callers, bounded.
#include "weir/frame/client.hpp"

#include "frame/call_server.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;

INSTANTIATE_TEST_SUITE_P(on, client_test, testing::ValuesIn(io::engine_names()), io::name_of);

// Writes down what a call ended with.
task<result<>> note(client& of, std::string name, std::vector<std::string>& into,
                    call_options options = {}) {
    const auto text = co_await asked(of, name, options);
    into.push_back(name + ": " + text);
    co_return {};
}

task<result<>> wait_until(const std::size_t& what, std::size_t size) {
    while (what != size) co_await sleep(1ms);
    co_return {};
}

task<result<>> answers_one(call_server& server) {
    auto peer = co_await or_return(server.take());
    co_await or_return(peer->greet());
    const std::string call = co_await or_return(peer->hear());
    EXPECT_TRUE(call.starts_with("{\"id\":")) << call;
    EXPECT_NE(call.find(R"("call":"vendor","params":{"prefix":"a"}})"), std::string::npos) << call;
    const auto at = call.find("\"timeout_ms\":");
    const int timeout = std::stoi(call.substr(at + 13));
    EXPECT_GT(timeout, 3'000);
    EXPECT_LE(timeout, 5'000);
    co_await or_return(peer->answer(call.substr(6, call.find(',') - 6), "\"rows\":[{\"n\":1}]"));
    EXPECT_EQ(co_await peer->end(), errc::end_of_stream);
    co_return {};
}

task<result<>> one_call(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    stage.beside(answers_one(stage.first));
    call_options options;
    options.timeout = 5s;
    const auto answer = co_await asks(stage.calls(), "a", options);
    EXPECT_EQ(text_of(answer), R"({"rows":[{"n":1}]})");
    EXPECT_EQ(stage.calls().state(), client_machine::state::open);
    co_await stage.calls().close();
    EXPECT_EQ(stage.calls().state(), client_machine::state::closed);
    const auto late = co_await asked(stage.calls(), "b");
    EXPECT_EQ(late, "closed");
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_test, sends_a_call_with_its_deadline_and_owns_the_answer) { run(one_call(*world_)); }

task<result<>> reversed(call_server& server, int calls) {
    auto peer = co_await or_return(server.take_greeted());
    std::vector<std::string> ids;
    while (std::ssize(ids) < calls) ids.push_back(co_await or_return(peer->next_call()));
    for (auto id = ids.rbegin(); id != ids.rend(); ++id)
        co_await or_return(peer->answer(*id, "\"row\":" + *id));
    EXPECT_EQ(co_await peer->end(), errc::end_of_stream);
    co_return {};
}

task<result<>> any_order(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    std::vector<std::string> ended;
    for (const char* name : {"a", "b", "c"}) stage.beside(note(stage.calls(), name, ended));
    stage.beside(reversed(stage.first, 3));
    while (ended.size() < 3) co_await sleep(1ms);
    EXPECT_TRUE(ended[0].starts_with("c: {\"row\":")) << ended[0];
    EXPECT_TRUE(ended[1].starts_with("b: {\"row\":")) << ended[1];
    EXPECT_TRUE(ended[2].starts_with("a: {\"row\":")) << ended[2];
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_test, takes_answers_in_any_order) { run(any_order(*world_)); }

task<result<>> answers_with_errors(call_server& server) {
    auto peer = co_await or_return(server.take_greeted());
    for (const char* code : {"not_found", "overloaded", "outcome_unknown", "newer"}) {
        const std::string id = co_await or_return(peer->next_call());
        const std::string why =
            R"("error":{"code":")" + std::string{code} + R"(","title":"No","detail":"because"})";
        co_await or_return(peer->answer(id, why));
    }
    (void)co_await peer->end();
    co_return {};
}

task<result<>> errors(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    stage.beside(answers_with_errors(stage.first));
    for (const errc expected :
         {errc::not_found, errc::overloaded, errc::outcome_unknown, errc::internal}) {
        const auto outcome = co_await asks(stage.calls(), "a");
        EXPECT_EQ(outcome.error(), expected);
        EXPECT_EQ(outcome.error().message(), "because");
    }
    call_params broken;
    broken.text("prefix", "\xFF");
    const auto refused = co_await stage.calls().call("vendor", std::move(broken));
    EXPECT_EQ(refused.error(), errc::invalid_argument);
    co_await stage.calls().close();
    co_return {};
}

TEST_P(client_test, maps_the_servers_error_codes_back) { run(errors(*world_)); }

// Of two calls the first is canceled. Nothing is read until its caller has left.
task<result<>> hears_cancel(call_server& server, std::size_t& calls, const bool& left) {
    auto peer = co_await or_return(server.take_greeted());
    const std::string first = co_await or_return(peer->next_call());
    const std::string second = co_await or_return(peer->next_call());
    calls = 2;
    while (!left) co_await sleep(1ms);
    const std::string cancel = co_await or_return(peer->hear());
    EXPECT_EQ(cancel, "{\"cancel\":" + first + "}");
    co_await or_return(peer->answer(first, R"("error":{"code":"canceled"})"));
    co_await or_return(peer->answer(second));
    (void)co_await peer->end();
    co_return {};
}

task<result<>> cancels(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    std::size_t calls = 0;
    bool left = false;
    std::vector<std::string> ended;
    std::vector<std::string> neighbour;
    stage.beside(hears_cancel(stage.first, calls, left));
    task_scope leaving{world.loop().env(), [](const error& why) { ADD_FAILURE() << why.text(); }};
    leaving.spawn(note(stage.calls(), "a", ended));
    stage.beside(note(stage.calls(), "b", neighbour));
    co_await or_return(wait_until(calls, 2));
    EXPECT_EQ(stage.calls().in_flight(), 2U);
    leaving.request_stop();
    co_await leaving.join();
    EXPECT_EQ(ended, std::vector<std::string>{"a: canceled"});
    left = true;
    while (neighbour.empty()) co_await sleep(1ms);
    EXPECT_EQ(neighbour[0], R"(b: {"changes":1})");
    EXPECT_EQ(stage.calls().in_flight(), 0U);
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_test, tells_the_server_of_a_caller_that_left_and_spares_its_neighbours) {
    run(cancels(*world_));
}

task<result<>> hears_cancel_only(call_server& server) {
    auto peer = co_await or_return(server.take_greeted());
    const std::string id = co_await or_return(peer->next_call());
    const std::string cancel = co_await or_return(peer->hear());
    EXPECT_EQ(cancel, "{\"cancel\":" + id + "}");
    (void)co_await peer->end();
    co_return {};
}

task<result<>> deadlines(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    stage.beside(hears_cancel_only(stage.first));
    call_options options;
    options.timeout = 60ms;
    const auto mine = co_await asks(stage.calls(), "a", options);
    EXPECT_EQ(mine.error(), errc::timed_out);
    EXPECT_NE(mine.error().message().find("may have been executed"), std::string::npos);
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_test, enforces_the_callers_deadline_where_the_server_does_not) {
    run(deadlines(*world_));
}

task<result<>> counts_in_flight(call_server& server, std::size_t& most) {
    auto peer = co_await or_return(server.take());
    co_await or_return(peer->greet(
        R"({"hello":{"protocol":"weir","version":1,"in_flight":4,"max_frame":100000}})"));
    for (int round = 0; round < 4; ++round) {
        std::vector<std::string> ids;
        while (ids.size() < 3) ids.push_back(co_await or_return(peer->next_call()));
        const auto more = co_await with_timeout(20ms, peer->hear());
        EXPECT_EQ(more.error(), errc::timed_out) << "over the limit";
        most = std::max(most, ids.size());
        for (const std::string& id : ids) co_await or_return(peer->answer(id));
    }
    (void)co_await peer->end();
    co_return {};
}

task<result<>> limits(io::engine_world& world) {
    call_stage stage{world};
    stage.options.max_waiting = 9;
    stage.open();
    std::size_t most = 0;
    stage.beside(counts_in_flight(stage.first, most));
    std::vector<std::string> ended;
    std::vector<std::string> expected;
    stage.beside(note(stage.calls(), "1", ended));
    while (stage.calls().in_flight() < 1) co_await sleep(1ms);
    for (int call = 2; call <= 12; ++call)
        stage.beside(note(stage.calls(), std::to_string(call), ended));
    EXPECT_EQ(stage.calls().in_flight(), 3U) << "one fewer than the server allows";
    EXPECT_EQ(stage.calls().waiting(), 9U);
    const auto refused = co_await asked(stage.calls(), "13");
    EXPECT_EQ(refused, "overloaded");
    while (ended.size() < 12) co_await sleep(1ms);
    for (int call = 1; call <= 12; ++call)
        expected.push_back(std::to_string(call) + R"(: {"changes":1})");
    EXPECT_EQ(ended, expected) << "first come, first served";
    co_await stage.calls().close();
    co_return {};
}

TEST_P(client_test, keeps_to_the_servers_limit_and_bounds_who_waits) { run(limits(*world_)); }

task<result<>> takes_all(call_server& server, std::size_t size) {
    auto peer = co_await or_return(server.take_greeted());
    for (int call = 0; call < 20; ++call) {
        co_await sleep(1ms);  // the peer is slow to read
        const std::string heard = co_await or_return(peer->hear());
        EXPECT_GT(heard.size(), size);
        co_await or_return(peer->answer(heard.substr(6, heard.find(',') - 6)));
    }
    (void)co_await peer->end();
    co_return {};
}

task<result<>> large(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    constexpr std::size_t size = 30'000;
    stage.beside(takes_all(stage.first, size));
    std::vector<std::string> ended;
    for (int call = 0; call < 20; ++call)
        stage.beside(note(stage.calls(), std::string(size, 'x'), ended));
    while (ended.size() < 20) co_await sleep(1ms);
    for (const std::string& each : ended) EXPECT_TRUE(each.ends_with(R"(: {"changes":1})"));
    const auto beyond = co_await asked(stage.calls(), std::string(9'000'000, 'x'));
    EXPECT_EQ(beyond, "too_large");
    co_await stage.calls().close();
    co_return {};
}

TEST_P(client_test, sends_large_calls_to_a_peer_that_is_slow_to_read) { run(large(*world_)); }

task<> never_answered(client& of) {
    (void)co_await asks(of, "a");
    ADD_FAILURE() << "it was to be destroyed";
}

task<result<>> takes_two(call_server& server, std::size_t& calls) {
    auto peer = co_await or_return(server.take_greeted());
    for (; calls < 2; ++calls) (void)co_await or_return(peer->next_call());
    (void)co_await peer->end();
    co_return {};
}

task<result<>> destroyed(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    std::size_t calls = 0;
    stage.beside(takes_two(stage.first, calls));
    {
        task_scope scope{world.loop().env(), [](const error&) {}};
        scope.spawn(never_answered(stage.calls()));
        EXPECT_EQ(stage.calls().waiting(), 1U);
    }
    EXPECT_EQ(stage.calls().waiting(), 0U) << "destroyed while it waited for a connection";
    {
        task_scope scope{world.loop().env(), [](const error&) {}};
        scope.spawn(never_answered(stage.calls()));
        scope.spawn(never_answered(stage.calls()));
        co_await or_return(wait_until(calls, 2));
        EXPECT_EQ(stage.calls().in_flight(), 2U);
    }
    EXPECT_EQ(stage.calls().in_flight(), 0U) << "destroyed while they waited for an answer";
    stage.caller.reset();  // without close()
    co_return {};
}

TEST_P(client_test, survives_tasks_that_are_destroyed_while_they_wait) { run(destroyed(*world_)); }

TEST(client, needs_a_host) {
    io::engine_world world{"epoll", 16};
    net::names names;
    EXPECT_THROW((client{world.loop(), names, world.loop().env(), client_options{}}),
                 std::invalid_argument);
}

}  // namespace
}  // namespace weir::inline v0::frame
