// What a client does when a connection ends: goodbye, loss, nobody there; and what it says of the
// calls that were under way.
#include "weir/frame/client.hpp"

#include "frame/call_server.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;

using state = client_machine::state;

class client_loss_test : public client_test {};

INSTANTIATE_TEST_SUITE_P(on, client_loss_test, testing::ValuesIn(io::engine_names()), io::name_of);

// Takes so many calls on a connection of its own, answers all but the last, and breaks off.
task<result<>> breaks_off(call_server& server, int calls) {
    auto peer = co_await or_return(server.take_greeted());
    for (int call = 0; call < calls; ++call) {
        const std::string id = co_await or_return(peer->next_call());
        if (call + 1 < calls) co_await or_return(peer->answer(id));
    }
    peer->abort();
    co_return {};
}

// Answers every call of one connection until its end.
task<result<>> serves(call_server& server, std::vector<std::string>* heard = nullptr) {
    auto peer = co_await or_return(server.take_greeted());
    for (;;) {
        const auto message = co_await peer->hear();
        if (!message) co_return {};
        if (heard != nullptr) heard->push_back(*message);
        co_await or_return(peer->answer(message->substr(6, message->find(',') - 6)));
    }
}

// Calls, and notes what it ended with.
task<result<>> notes(client& of, std::vector<std::string>& ended) {
    call_options options;
    options.timeout = 5s;
    auto text = co_await asked(of, "noted", options);
    ended.push_back(std::move(text));
    co_return {};
}

task<result<>> lost(io::engine_world& world) {
    call_stage stage{world};
    stage.one_host();
    stage.open();
    const auto both = [](call_server& server) -> task<result<>> {
        co_await or_return(breaks_off(server, 2));
        co_return co_await serves(server);
    };
    stage.beside(both(stage.first));
    const auto first = co_await asked(stage.calls(), "a");
    EXPECT_EQ(first, R"({"changes":1})");
    const auto second = co_await asks(stage.calls(), "b");
    EXPECT_EQ(second.error(), errc::outcome_unknown);
    EXPECT_NE(second.error().message().find("may have been executed"), std::string::npos);
    const auto third = co_await asked(stage.calls(), "c");
    EXPECT_EQ(third, R"({"changes":1})") << "on the next connection";
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, says_that_the_outcome_of_a_sent_call_is_unknown) { run(lost(*world_)); }

task<result<>> repeated(io::engine_world& world) {
    call_stage stage{world};
    stage.one_host();
    stage.open();
    std::vector<std::string> heard;
    const auto twice = [](call_server& server, std::vector<std::string>& into) -> task<result<>> {
        co_await or_return(breaks_off(server, 1));
        co_return co_await serves(server, &into);
    };
    stage.beside(twice(stage.first, heard));
    call_options options;
    options.idempotent = options.wait_for_ready = true;
    const auto outcome = co_await asked(stage.calls(), "a", options);
    EXPECT_EQ(outcome, R"({"changes":1})");
    EXPECT_EQ(heard.size(), 1U);
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, sends_again_what_may_be_repeated) { run(repeated(*world_)); }

task<result<>> poisonous(io::engine_world& world) {
    call_stage stage{world};
    stage.one_host();
    stage.open();
    int broken = 0;
    const auto always = [](call_server& server, int& count) -> task<result<>> {
        for (;;) {
            auto broke = co_await breaks_off(server, 1);
            if (!broke) co_return {};
            ++count;
        }
    };
    task_scope serving{world.loop().env(), [](const error&) {}};
    serving.spawn(always(stage.first, broken));
    call_options options;
    options.idempotent = options.wait_for_ready = true;
    const auto outcome = co_await asked(stage.calls(), "a", options);
    EXPECT_EQ(outcome, "outcome_unknown");
    EXPECT_EQ(broken, 3);
    co_await stage.calls().close();
    co_return {};
}

TEST_P(client_loss_test, does_not_repeat_for_ever_what_breaks_the_server) {
    run(poisonous(*world_));
}

task<result<>> nobody(io::engine_world& world) {
    call_stage stage{world};
    stage.first.leave();
    stage.second.leave();
    stage.options.delays.first = stage.options.delays.longest = 50ms;
    stage.open();
    const auto refused = co_await asks(stage.calls(), "a");
    EXPECT_EQ(refused.error(), errc::unavailable);
    EXPECT_NE(refused.error().message().find(stage.options.hosts[1].text() + ": refused"),
              std::string::npos)
        << refused.error().message();
    EXPECT_EQ(stage.calls().state(), state::backing_off);
    const auto at_once = co_await asked(stage.calls(), "b");
    EXPECT_EQ(at_once, "unavailable");
    call_options patient;
    patient.wait_for_ready = true;
    patient.timeout = 60ms;
    const auto waited = co_await asks(stage.calls(), "c", patient);
    EXPECT_EQ(waited.error(), errc::timed_out);
    EXPECT_NE(waited.error().message().find("before it was sent"), std::string::npos);
    stage.second.listen();
    stage.beside(serves(stage.second));
    patient.timeout = 5s;
    const auto served = co_await asked(stage.calls(), "d", patient);
    EXPECT_EQ(served, R"({"changes":1})");
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, fails_at_once_where_nobody_is_there_unless_the_call_waits) {
    run(nobody(*world_));
}

// Says goodbye with a call in flight, and answers it then.
task<result<>> leaves_politely(call_server& server, bool& said) {
    auto peer = co_await or_return(server.take_greeted());
    const std::string first = co_await or_return(peer->next_call());
    co_await or_return(peer->answer(first));
    const std::string id = co_await or_return(peer->next_call());
    co_await or_return(peer->goodbye());
    said = true;
    co_await sleep(30ms);
    co_await or_return(peer->answer(id, "\"row\":null"));
    EXPECT_EQ(co_await peer->end(), errc::end_of_stream) << "the client ends when it is answered";
    co_return {};
}

task<result<>> goodbye(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    bool said = false;
    stage.beside(leaves_politely(stage.first, said));
    std::vector<std::string> ended;
    const auto before = co_await asked(stage.calls(), "a");
    EXPECT_EQ(before, R"({"changes":1})");
    stage.beside(notes(stage.calls(), ended));
    while (!said) co_await sleep(1ms);
    while (stage.calls().state() == state::open) co_await sleep(1ms);
    EXPECT_TRUE(ended.empty());
    stage.beside(serves(stage.second));
    const auto after = co_await asked(stage.calls(), "c");
    EXPECT_EQ(after, R"({"changes":1})") << "beside the one that leaves";
    while (ended.empty()) co_await sleep(1ms);
    EXPECT_EQ(ended[0], R"({"row":null})");
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, finishes_what_is_in_flight_after_a_goodbye_and_goes_to_the_next_host) {
    run(goodbye(*world_));
}

// What a draining server reads behind its goodbye it does not begin; at its end nothing is open.
task<result<>> begins_nothing(call_server& server, bool refuses) {
    auto peer = co_await or_return(server.take_greeted());
    const std::string first = co_await or_return(peer->next_call());
    co_await or_return(peer->answer(first));
    const std::string id = co_await or_return(peer->next_call());
    co_await or_return(peer->goodbye());
    if (refuses) co_await or_return(peer->answer(id, R"("error":{"code":"unavailable"})"));
    co_await peer->close();
    co_return {};
}

task<result<>> not_begun(io::engine_world& world, bool refuses) {
    call_stage stage{world};
    stage.open();
    stage.beside(begins_nothing(stage.first, refuses));
    const auto first = co_await asked(stage.calls(), "a");
    EXPECT_EQ(first, R"({"changes":1})");
    std::vector<std::string> heard;
    stage.beside(serves(stage.second, &heard));
    const auto second = co_await asked(stage.calls(), "b");
    EXPECT_EQ(second, R"({"changes":1})") << "sent elsewhere, though it may not be repeated";
    EXPECT_EQ(heard.size(), 1U);
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, sends_elsewhere_what_a_leaving_server_did_not_begin) {
    run(not_begun(*world_, true));
    run(not_begun(*world_, false));
}

// Takes a call, `first_served` behind one that it answers, says goodbye and begins nothing more.
task<result<>> leaves_with_a_call(call_server& server, bool first_served, bool& left) {
    auto peer = co_await or_return(server.take_greeted());
    if (first_served) {
        const std::string first = co_await or_return(peer->next_call());
        co_await or_return(peer->answer(first));
    }
    const std::string id = co_await or_return(peer->next_call());
    co_await or_return(peer->goodbye());
    left = true;
    co_await sleep(30ms);
    co_await or_return(peer->answer(id, R"("error":{"code":"unavailable"})"));
    (void)co_await peer->end();
    co_return {};
}

task<result<>> hopeless(io::engine_world& world) {
    call_stage stage{world};
    stage.one_host();
    stage.options.delays.first = stage.options.delays.longest = 1h;
    stage.open();
    bool left = false;
    stage.beside(leaves_with_a_call(stage.first, false, left));
    call_options options;
    options.timeout = 2s;
    const auto outcome = co_await asked(stage.calls(), "a", options);
    EXPECT_EQ(outcome, "unavailable");
    EXPECT_EQ(stage.calls().state(), state::backing_off);
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, refuses_what_was_not_begun_where_no_host_is_left) {
    run(hopeless(*world_));
}

task<result<>> not_begun_while_closing(io::engine_world& world, bool after_goodbye) {
    call_stage stage{world};
    stage.open();
    bool left = false;
    stage.beside(leaves_with_a_call(stage.first, true, left));
    const auto first = co_await asked(stage.calls(), "a");
    EXPECT_EQ(first, R"({"changes":1})");
    std::vector<std::string> ended;
    stage.beside(notes(stage.calls(), ended));
    while (after_goodbye ? stage.calls().state() == state::open : stage.calls().in_flight() == 0)
        co_await sleep(1ms);
    co_await stage.calls().close();
    EXPECT_TRUE(left);
    EXPECT_EQ(ended, std::vector<std::string>{"closed"});
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, ends_what_was_not_begun_while_it_closes) {
    run(not_begun_while_closing(*world_, false));
    run(not_begun_while_closing(*world_, true));
}

// Takes a call, says goodbye, and hangs up with the call not begun once it is told to.
task<result<>> hangs_up(call_server& server, const bool& now) {
    auto peer = co_await or_return(server.take_greeted());
    const std::string first = co_await or_return(peer->next_call());
    co_await or_return(peer->answer(first));
    (void)co_await or_return(peer->next_call());
    co_await or_return(peer->goodbye());
    while (!now) co_await sleep(1ms);
    co_await peer->close();
    co_return {};
}

task<result<>> elsewhere_open(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    bool hang_up = false;
    stage.beside(hangs_up(stage.first, hang_up));
    stage.beside(serves(stage.second));
    const auto first = co_await asked(stage.calls(), "a");
    EXPECT_EQ(first, R"({"changes":1})");
    std::vector<std::string> ended;
    stage.beside(notes(stage.calls(), ended));
    while (stage.calls().in_flight() == 0 || stage.calls().state() == state::open)
        co_await sleep(1ms);
    const auto third = co_await asked(stage.calls(), "c");
    EXPECT_EQ(third, R"({"changes":1})") << "on the next connection";
    hang_up = true;
    while (ended.empty()) co_await sleep(1ms);
    EXPECT_EQ(ended[0], R"({"changes":1})") << "on the same, though nobody calls there";
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, sends_what_was_not_begun_on_a_connection_that_is_open) {
    run(elsewhere_open(*world_));
}

task<result<>> refuses(call_server& server, std::string why) {
    auto peer = co_await or_return(server.take());
    (void)co_await or_return(peer->hear());
    co_await or_return(peer->say(std::move(why)));
    (void)co_await peer->end();
    co_return {};
}

task<result<>> refused(io::engine_world& world) {
    call_stage stage{world};
    stage.open();
    stage.beside(refuses(stage.first, R"({"id":null,"error":{"code":"permission_denied"}})"));
    stage.beside(refuses(stage.second, R"({"hello":{"protocol":"weir","version":9}})"));
    const auto outcome = co_await asks(stage.calls(), "a");
    EXPECT_EQ(outcome.error(), errc::unavailable);
    EXPECT_EQ(*stage.calls().last_error(), errc::unsupported);
    EXPECT_NE(stage.calls().last_error()->message().find("version 9"), std::string::npos);
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, passes_hosts_that_do_not_let_it_in) { run(refused(*world_)); }

task<result<>> unknown(io::engine_world& world) {
    call_stage stage{world};
    stage.one_host();
    stage.options.token = "who";
    stage.open();
    stage.beside(refuses(stage.first, R"({"id":null,"error":{"code":"permission_denied"}})"));
    call_options patient;
    patient.wait_for_ready = true;
    const auto outcome = co_await asks(stage.calls(), "a", patient);
    EXPECT_EQ(outcome.error(), errc::permission_denied);
    EXPECT_NE(outcome.error().message().find("not sent: cannot greet"), std::string::npos);
    const auto at_once = co_await asked(stage.calls(), "b", patient);
    EXPECT_EQ(at_once, "permission_denied") << "while it backs off";
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, says_that_no_host_takes_its_token_and_does_not_wait_for_one) {
    run(unknown(*world_));
}

task<result<>> silent(call_server& server) {
    auto peer = co_await or_return(server.take());
    (void)co_await or_return(peer->hear());
    (void)co_await peer->end();
    co_return {};
}

task<result<>> no_hello(io::engine_world& world) {
    call_stage stage{world};
    stage.options.connect_timeout = 50ms;
    stage.open();
    stage.beside(silent(stage.first));
    stage.beside(serves(stage.second));
    const auto outcome = co_await asked(stage.calls(), "a");
    EXPECT_EQ(outcome, R"({"changes":1})");
    EXPECT_EQ(*stage.calls().last_error(), errc::timed_out);
    co_await stage.calls().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, passes_a_host_that_says_no_hello_in_time) { run(no_hello(*world_)); }

task<result<>> idle(io::engine_world& world) {
    call_stage stage{world};
    stage.options.idle_timeout = 50ms;
    stage.open();
    for (int round = 0; round < 2; ++round) {
        stage.beside(serves(stage.first));
        const auto outcome = co_await asked(stage.calls(), "a");
        EXPECT_EQ(outcome, R"({"changes":1})");
        co_await stage.scope.join();  // the server sees the end
        EXPECT_EQ(stage.calls().state(), state::resting);
    }
    co_await stage.calls().close();
    co_return {};
}

TEST_P(client_loss_test, closes_an_idle_connection_and_opens_another_when_it_is_called) {
    run(idle(*world_));
}

task<result<>> takes_a_call(call_server& server, bool& taken) {
    auto peer = co_await or_return(server.take_greeted());
    (void)co_await or_return(peer->next_call());
    taken = true;
    (void)co_await peer->end();
    co_return {};
}

task<result<>> closes(io::engine_world& world) {
    call_stage stage{world};
    stage.options.close_timeout = 60ms;
    stage.options.max_in_flight = 1;
    stage.open();
    bool taken = false;
    stage.beside(takes_a_call(stage.first, taken));
    std::vector<std::string> ended;
    stage.beside(notes(stage.calls(), ended));
    stage.beside(notes(stage.calls(), ended));
    while (!taken) co_await sleep(1ms);
    const time_point began = world.loop().now();
    co_await stage.calls().close();
    EXPECT_GE(world.loop().now() - began, 60ms);
    EXPECT_EQ(ended, (std::vector<std::string>{"closed", "outcome_unknown"}));
    co_await stage.scope.join();
    co_return {};
}

TEST_P(client_loss_test, ends_its_calls_at_the_deadline_of_its_close) { run(closes(*world_)); }

task<result<>> closes_early(io::engine_world& world) {
    for (const bool there : {true, false}) {
        call_stage stage{world};
        if (!there) stage.first.leave();
        if (!there) stage.second.leave();
        stage.open();
        const auto asking = [](client& of) -> task<result<>> {
            const auto text = co_await asked(of, "x");
            EXPECT_TRUE(text == "closed" || text == "unavailable") << text;
            co_return {};
        };
        stage.beside(asking(stage.calls()));
        if (!there) co_await sleep(5ms);
        co_await stage.calls().close();
        co_await stage.scope.join();
    }
    co_return {};
}

TEST_P(client_loss_test, closes_while_it_connects_and_while_it_backs_off) {
    run(closes_early(*world_));
}

}  // namespace
}  // namespace weir::inline v0::frame
