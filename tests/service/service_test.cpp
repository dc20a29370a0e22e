#include "weir/service/service.hpp"

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <sched.h>
#include <unistd.h>

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "support/blocking_client.hpp"
#include "support/scratch_folder.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;
using test::blocking_client;
using test::eventually;
using test::running_service;

TEST_P(service_on, answers_and_drains) {
    service service{options()};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    blocking_client client{service.local(0)};
    ASSERT_TRUE(client.send("hello\n"));
    EXPECT_EQ(client.receive_exactly(6), "hello\n");
    client.close();
    EXPECT_TRUE(running.drain().has_value());
}

TEST_P(service_on, says_that_a_port_is_in_use_and_starts_nothing) {
    service first{options(1)};
    first.listen("127.0.0.1:0", answer_lines);
    running_service running{first};
    service second{options(1)};
    const test::scratch_folder folder;
    const std::string free = folder.file("free.sock");
    second.listen("unix:" + free, answer_lines);
    second.listen(first.local(0).text(), answer_lines);
    running_service refused{second};
    const auto outcome = refused.wait();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error(), errc::address_in_use);
    EXPECT_NE(outcome.error().message().find(first.local(0).text()), std::string::npos);
    EXPECT_FALSE(second.accepting());
    EXPECT_FALSE(blocking_client{io::endpoint::unix_path(free)}.connected());
}

// BEHAVIOUR.md, Process: what is in flight is finished.
TEST_P(service_on, finishes_what_is_in_flight_when_it_drains) {
    service service{options()};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    blocking_client client{service.local(0)};
    ASSERT_TRUE(client.send("slow\n"));
    ASSERT_TRUE(eventually([&] { return service.open_connections() == 1; }));
    service.drain();
    EXPECT_EQ(client.receive_all(), "slow\n");
    EXPECT_TRUE(running.wait().has_value());
}

TEST_P(service_on, gives_an_idle_connection_a_second_for_one_more_request) {
    service service{options()};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    blocking_client talks{service.local(0)};
    blocking_client is_silent{service.local(0)};
    ASSERT_TRUE(talks.send("one\n"));
    ASSERT_EQ(talks.receive_exactly(4), "one\n");
    ASSERT_TRUE(eventually([&] { return service.open_connections() == 2; }));
    service.drain();
    ASSERT_TRUE(eventually([&] { return !service.accepting(); }));
    ASSERT_TRUE(talks.send("two\n"));
    EXPECT_EQ(talks.receive_exactly(4), "two\n");
    EXPECT_EQ(is_silent.receive_all(), "");
    EXPECT_TRUE(running.wait().has_value());
}

TEST_P(service_on, cuts_off_at_the_drain_deadline_and_says_so) {
    service_options wanted = options();
    wanted.drain_timeout = 300ms;
    service service{wanted};
    service.listen("127.0.0.1:0", [](net::connection&) -> task<> { (void)co_await sleep(1h); });
    running_service running{service};
    blocking_client client{service.local(0)};
    ASSERT_TRUE(eventually([&] { return service.open_connections() == 1; }));
    const auto outcome = running.drain();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error(), errc::timed_out);
}

// BEHAVIOUR.md, Process, "a handler's exception", of a protocol that has no 500.
TEST_P(service_on, survives_a_handler_that_throws) {
    service service{options(1)};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    blocking_client healthy{service.local(0)};
    ASSERT_TRUE(healthy.send("before\n"));
    ASSERT_EQ(healthy.receive_exactly(7), "before\n");
    blocking_client broken{service.local(0)};
    ASSERT_TRUE(broken.send("throw\n"));
    EXPECT_EQ(broken.receive_all(), "");
    ASSERT_TRUE(healthy.send("after\n"));
    EXPECT_EQ(healthy.receive_exactly(6), "after\n");
    EXPECT_TRUE(has(service, "weir_connections_closed_total{reason=\"failed\"} 1\n"));
}

TEST_P(service_on, gives_up_the_oldest_large_message_that_is_incomplete_and_counts_it) {
    service_options wanted = options(1);
    // Room for one message of 100 KiB, and the beginning of another.
    wanted.runtime.assembly_bytes = 200 * 1024;
    service service{wanted};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    const std::string line = std::string(100 * 1024, 'x') + '\n';
    blocking_client trickles{service.local(0)}, hurries{service.local(0)};
    ASSERT_TRUE(trickles.send(line.substr(0, 80 * 1024)));
    ASSERT_TRUE(eventually([&] { return has(service, "weir_received_bytes_total 81920\n"); }));
    ASSERT_TRUE(hurries.send(line));
    EXPECT_TRUE(hurries.receive_exactly(line.size()) == line);
    EXPECT_EQ(trickles.receive_all(), "");
    EXPECT_TRUE(has(service, "weir_incomplete_messages_evicted_total{memory=\"assemblies\"} 1\n"));
}

// DESIGN: 64 long-lived connections leave no loop with more than 1.25 of the mean.
TEST_P(service_on, spreads_connections_over_its_loops) {
    constexpr unsigned loops = 4, connections = 64;
    service service{options(loops)};
    std::array<std::atomic<unsigned>, loops> held{};
    service.listen("127.0.0.1:0", [&](net::connection& connection) -> task<> {
        held.at(connection.loop().index()).fetch_add(1);
        return answer_lines(connection);
    });
    running_service running{service};
    std::vector<blocking_client> clients;
    for (unsigned i = 0; i < connections; ++i) clients.emplace_back(service.local(0));
    ASSERT_TRUE(eventually([&] {
        unsigned all = 0;
        for (auto& each : held) all += each.load();
        return all == connections;
    }));
    for (auto& each : held) EXPECT_LE(each.load(), connections / loops * 5 / 4);
}

// Where this thread may run on one processor only, its packets come in on that.
class on_one_processor {
public:
    explicit on_one_processor(unsigned which) {
        ::sched_getaffinity(0, sizeof before_, &before_);
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(which, &one);
        is_so_ = ::sched_setaffinity(0, sizeof one, &one) == 0;
    }
    on_one_processor(const on_one_processor&) = delete;
    on_one_processor& operator=(const on_one_processor&) = delete;
    ~on_one_processor() { ::sched_setaffinity(0, sizeof before_, &before_); }
    bool is_so() const noexcept { return is_so_; }

private:
    cpu_set_t before_{};
    bool is_so_ = false;
};

TEST_P(service_on, serves_by_one_loop_what_comes_in_on_one_processor) {
    service_options wanted = options(2);
    wanted.placement = placement::by_processor;
    service service{wanted};
    std::array<std::atomic<unsigned>, 2> held{};
    service.listen("127.0.0.1:0", [&](net::connection& connection) -> task<> {
        held.at(connection.loop().index()).fetch_add(1);
        return answer_lines(connection);
    });
    running_service running{service};
    std::vector<blocking_client> clients;
    for (const unsigned processor : {0U, 1U}) {
        const on_one_processor here{processor};
        if (!here.is_so()) GTEST_SKIP() << "not on processor " << processor;
        const unsigned before = held[0].load() + held[1].load();
        for (int i = 0; i < 8; ++i) clients.emplace_back(service.local(0));
        ASSERT_TRUE(eventually([&] { return held[0].load() + held[1].load() == before + 8; }));
        EXPECT_EQ(held.at(processor == 0 ? 0 : 1).load(), 8U);
    }
}

// Of this process alone. A drain drops what would open a connection, whose client tries again a
// second later: on a shared address somebody else may have been given the port by then.
std::string own_loopback() {
    const auto pid = static_cast<unsigned>(::getpid());
    return "127." + std::to_string(64 + (pid >> 16U) % 64) + '.' +
           std::to_string((pid >> 8U) & 0xFFU) + '.' + std::to_string(pid & 0xFFU);
}

// BEHAVIOUR.md, Process: lost is a connection that accept returned and that sent a byte of a
// request but got no complete answer: there is none.
TEST_P(service_on, loses_no_connection_by_a_drain_under_load) {
    for (int round = 0; round < 3; ++round) {
        service service{options()};
        service.listen(own_loopback() + ":0", answer_lines);
        running_service running{service};
        const io::endpoint to = service.local(0);
        std::atomic<int> answered = 0, lost = 0;
        std::atomic<bool> over = false;
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back([&] {
                while (!over.load()) {
                    blocking_client client{to};
                    if (!client.connected()) break;
                    // Also one that is reset in the queue, which no accept returns.
                    const bool sent = client.send("ping\n");
                    ++(sent && client.receive_exactly(5) == "ping\n" ? answered : lost);
                }
            });
        }
        EXPECT_TRUE(eventually([&] { return answered.load() > 50; }));
        EXPECT_TRUE(running.drain().has_value());
        over.store(true);
        clients.clear();
        EXPECT_EQ(lost.load(), 0);
        const std::string accepted = "weir_connections_total{protocol=\"tcp\"} ";
        EXPECT_TRUE(has(service, accepted + std::to_string(answered.load()) + '\n'))
            << answered.load();
    }
}

INSTANTIATE_TEST_SUITE_P(engines, service_on, testing::ValuesIn(kernel_engines), name_of_engine);

}  // namespace
}  // namespace weir::inline v0
