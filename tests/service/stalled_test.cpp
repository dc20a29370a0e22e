// Handlers that keep the thread of their loop: what is left of the process then.
#include <csignal>
#include <latch>

#include "weir/http/server.hpp"

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "support/blocking_client.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;
using test::blocking_client;
using test::eventually;

enum class told : std::uint8_t { by_signal, by_call };

using blocks_once = connection_handler (*)(unsigned loops, std::latch& blocked);

// Serves lines, and blocks the last loop for ever.
connection_handler blocks_lines(unsigned loops, std::latch& blocked) {
    return {[loops, &blocked](net::connection& connection) -> task<> {
        if (connection.loop().index() + 1 == loops) {
            blocked.count_down();
            std::latch{1}.wait();
        }
        return answer_lines(connection);
    }};
}

task<result<http::response>> blocks_after_a_wait(std::latch& blocked) {
    co_await yield();
    blocked.count_down();
    std::latch{1}.wait();
    co_return http::text("never");
}

connection_handler blocks_requests(unsigned, std::latch& blocked) {
    http::router routes;
    routes.route("GET", "/doors/{name}",
                 [&blocked](http::request&) { return blocks_after_a_wait(blocked); });
    return http::serve(std::move(routes));
}

// Serves, lets a handler of the last loop block for ever, and asks for the drain.
int run_stalled(unsigned loops, told how, blocks_once made_by) {
    service_options options;
    options.runtime.loops = loops;
    options.runtime.slabs = 64;
    options.log_level = log_level::error;
    options.drain_timeout = 100ms;
    service service{options};
    std::latch blocked{1};
    // The service's own thread for signals is to get them, and the peers' thread not.
    sigset_t none{};
    ::sigaddset(&none, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &none, nullptr);
    service.listen("127.0.0.1:0", made_by(loops, blocked), "doors");
    const std::jthread peers{[&] {
        while (!service.accepting()) std::this_thread::yield();
        std::vector<blocking_client> clients;
        for (unsigned i = 0; i < loops; ++i) {
            clients.emplace_back(service.local(0));
            clients.back().send("GET /doors/north HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        blocked.wait();
        if (how == told::by_call) return service.drain();
        ::kill(::getpid(), SIGTERM);
    }};
    return service.run();
}

class stalled_loop : public testing::Test {
protected:
    stalled_loop() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// A handler that never returns is contained, and it and its loop are named: the process ends in
// time.
TEST_F(stalled_loop, does_not_keep_the_process) {
    EXPECT_EXIT(std::exit(run_stalled(2, told::by_signal, blocks_lines)),
                testing::ExitedWithCode(1),
                "loop 1 does not turn \\(the handler of doors for connection [12] went on last\\): "
                "its handlers are cut off");
}

TEST_F(stalled_loop, does_not_keep_the_process_where_all_are_the_first) {
    EXPECT_EXIT(std::exit(run_stalled(1, told::by_call, blocks_requests)),
                testing::ExitedWithCode(1),
                "loop 0 does not turn \\(the handler of /doors/\\{name\\} for connection 1 went on "
                "last\\): its handlers are cut off");
}

// Serves while the last loop's handler went on lasts thread until that has been noticed.
int run_stalled_for_a_while() {
    service_options options;
    options.runtime.loops = 2;
    options.runtime.slabs = 64;
    service service{options};
    std::latch blocked{1}, noticed{1};
    service.listen(
        "127.0.0.1:0",
        [&](net::connection& connection) -> task<> {
            if (connection.loop().index() == 1) {
                blocked.count_down();
                noticed.wait();
            }
            return answer_lines(connection);
        },
        "lines");
    std::atomic<bool> counted = false;
    const std::jthread peers{[&] {
        while (!service.accepting()) std::this_thread::yield();
        std::vector<blocking_client> clients;
        for (int i = 0; i < 2; ++i) clients.emplace_back(service.local(0));
        blocked.wait();
        const bool none_yet = has(service, "weir_loop_stalls_total 0\n");
        counted =
            none_yet && eventually([&] { return has(service, "weir_loop_stalls_total 1\n"); });
        noticed.count_down();
        for (auto& each : clients) {
            counted = counted && each.send("on\n") && each.receive_exactly(3) == "on\n";
        }
        clients.clear();
        service.drain();
    }};
    const int code = service.run();
    return counted ? code : 10;
}

TEST_F(stalled_loop, is_counted_and_named_after_five_seconds_and_goes_on) {
    EXPECT_EXIT(
        std::exit(run_stalled_for_a_while()), testing::ExitedWithCode(0),
        "loop 1 does not turn \\(the handler of lines for connection [12] went on last\\)\n");
}

// An hour of ignored stops in a row never waits.
task<> loop_on(net::connection&) {
    for (;;) (void)co_await sleep(1h);
}

int run_ignoring() {
    service_options options;
    options.runtime.loops = 1;
    options.runtime.slabs = 64;
    options.log_level = log_level::error;
    options.drain_timeout = 100ms;
    service service{options};
    service.listen("127.0.0.1:0", loop_on, "naps");
    const std::jthread peer{[&] {
        while (!service.accepting()) std::this_thread::yield();
        const blocking_client client{service.local(0)};
        while (service.open_connections() == 0) std::this_thread::yield();
        service.drain();
        std::latch{1}.wait();
    }};
    return service.run();
}

TEST_F(stalled_loop, is_what_a_handler_makes_that_goes_on_after_its_stop) {
    EXPECT_EXIT(std::exit(run_ignoring()), testing::ExitedWithCode(1),
                "loop 0 does not turn \\(the handler of naps for connection 1 went on last\\)");
}

}  // namespace
}  // namespace weir::inline v0
