// What a service does about peers that break off.
#include <csignal>

#include "weir/http/server.hpp"

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "support/blocking_client.hpp"
#include "support/vanish.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;
using test::blocking_client;
using test::eventually;
using test::running_service;

class hostile_peers : public service_on {};

INSTANTIATE_TEST_SUITE_P(engines, hostile_peers, testing::ValuesIn(kernel_engines), name_of_engine);

// More than the kernel takes for a peer that does not read.
task<> flood(net::connection& connection) {
    const std::string text(std::size_t{32} << 20U, 'x');
    while (auto more = co_await connection.fill()) {
        connection.consume(connection.input().size());
        connection.write_view(as_bytes(text));
        if (auto sent = co_await connection.flush(); !sent) co_return;
    }
}

std::string closed(std::string_view reason, int times) {
    std::string line = "weir_connections_closed_total{reason=\"";
    return line.append(reason).append("\"} ").append(std::to_string(times)).append("\n");
}

void expect_answers(const service& service) {
    blocking_client next{service.local(0)};
    ASSERT_TRUE(next.send("next\n"));
    EXPECT_EQ(next.receive_exactly(5), "next\n");
}

std::size_t count_of(std::string_view what, std::string_view in) {
    std::size_t found = 0;
    for (auto at = in.find(what); at != in.npos; at = in.find(what, at + what.size())) ++found;
    return found;
}

// BEHAVIOUR.md, "resets mid-accept, mid-write": "logged".
TEST_P(hostile_peers, resets_are_logged_for_those_who_want_to_know) {
    for (const log_level level : {log_level::debug, log_level::info}) {
        service_options wanted = options(1);
        wanted.log_level = level;
        testing::internal::CaptureStderr();
        {
            service service{wanted};
            service.listen("127.0.0.1:0", answer_lines);
            service.listen("127.0.0.1:0", flood);
            running_service running{service};
            blocking_client{service.local(0)}.reset();
            blocking_client breaks{service.local(1)};
            EXPECT_TRUE(breaks.send("go"));
            EXPECT_EQ(breaks.receive_exactly(1000).size(), 1000U);
            breaks.reset();
            EXPECT_TRUE(eventually([&] { return has(service, closed("reset", 2)); }));
            expect_answers(service);
            EXPECT_TRUE(running.drain().has_value());
        }
        const std::string log = testing::internal::GetCapturedStderr();
        const bool told = level == log_level::debug;
        EXPECT_EQ(count_of("the connection of 127.0.0.1:", log), told ? 2U : 0U) << log;
        EXPECT_EQ(count_of(" ended: reset\n", log), told ? 2U : 0U) << log;
    }
}

// BEHAVIOUR.md, "resets mid-accept, mid-write".
TEST_P(hostile_peers, resets_before_the_accept_are_counted_and_harm_nobody) {
    service service{options(1)};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    for (int i = 0; i < 20; ++i) blocking_client{service.local(0)}.reset();
    EXPECT_TRUE(eventually([&] { return has(service, closed("reset", 20)); }));
    expect_answers(service);
}

// BEHAVIOUR.md, "resets mid-accept, mid-write" and "SIGPIPE": its default action would end this
// process.
TEST_P(hostile_peers, resets_amid_an_answer_are_counted_and_harm_nobody) {
    ASSERT_EQ(std::signal(SIGPIPE, SIG_DFL), SIG_DFL);
    service service{options(1)};
    service.listen("127.0.0.1:0", answer_lines);
    service.listen("127.0.0.1:0", flood);
    running_service running{service};
    for (int i = 0; i < 5; ++i) {
        blocking_client breaks{service.local(1)};
        ASSERT_TRUE(breaks.send("go"));
        ASSERT_EQ(breaks.receive_exactly(1000).size(), 1000U);
        breaks.reset();
    }
    EXPECT_TRUE(eventually([&] { return has(service, closed("reset", 5)); }));
    expect_answers(service);
}

task<http::response> works_long(std::atomic<int>& begun, std::atomic<int>& canceled) {
    ++begun;
    const auto slept = co_await sleep(1h);
    if (!slept && slept.error() == errc::canceled) ++canceled;
    co_return http::text("done");
}

// BEHAVIOUR.md, "only a reset cancels a handler that has its whole request".
TEST_P(hostile_peers, resets_stop_the_handlers_that_nobody_waits_for) {
    service service{options(1)};
    std::atomic<int> begun = 0, canceled = 0;
    service.listen("127.0.0.1:0",
                   http::serve([&](http::request&) { return works_long(begun, canceled); }));
    running_service running{service};
    for (const bool finishes_first : {false, true}) {
        blocking_client breaks{service.local(0)};
        ASSERT_TRUE(breaks.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        ASSERT_TRUE(eventually([&] { return begun == (finishes_first ? 2 : 1); }));
        if (finishes_first) breaks.shutdown();
        breaks.reset();
    }
    EXPECT_TRUE(eventually([&] { return has(service, closed("reset", 2)); }));
    EXPECT_EQ(canceled, 2);
}

// BEHAVIOUR.md, "half-open".
TEST_P(hostile_peers, are_freed_after_the_user_timeout_when_they_vanish) {
    service_options wanted = options(1);
    wanted.user_timeout = 2s;
    service service{wanted};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    blocking_client gone{service.local(0)};
    ASSERT_TRUE(gone.send("here\n"));
    ASSERT_EQ(gone.receive_exactly(5), "here\n");
    test::vanish(gone.fd());
    EXPECT_TRUE(eventually([&] { return has(service, closed("reset", 1)); }));
}

// BEHAVIOUR.md, "slow reader".
TEST_P(hostile_peers, counts_those_who_do_not_read) {
    service_options wanted = options(1);
    wanted.connections.write_timeout = 200ms;
    service service{wanted};
    service.listen("127.0.0.1:0", answer_lines);
    service.listen("127.0.0.1:0", flood);
    running_service running{service};
    blocking_client deaf{service.local(1)};
    ASSERT_TRUE(deaf.send("go"));
    EXPECT_TRUE(eventually([&] { return has(service, closed("write_timeout", 1)); }));
    expect_answers(service);
    EXPECT_TRUE(eventually([&] { return has(service, closed("finished", 1)); }));
}

}  // namespace
}  // namespace weir::inline v0
