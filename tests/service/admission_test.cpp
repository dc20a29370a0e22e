// Whom a service accepts, and how fast.
#include <vector>

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "support/blocking_client.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;
using test::blocking_client;
using test::eventually;
using test::running_service;

class admission : public service_on {};

INSTANTIATE_TEST_SUITE_P(engines, admission, testing::ValuesIn(kernel_engines), name_of_engine);

// BEHAVIOUR.md, "connection caps, global and per address".
TEST_P(admission, refuses_connections_over_the_limit_at_once_and_counts_them) {
    service_options wanted = options();
    wanted.max_connections = 2;
    service service{wanted};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    blocking_client one{service.local(0)}, two{service.local(0)};
    ASSERT_TRUE(eventually([&] { return service.open_connections() == 2; }));
    blocking_client three{service.local(0)};
    EXPECT_EQ(three.receive_all(), "");
    EXPECT_TRUE(has(service, "weir_connections_refused_total{reason=\"max_connections\"} 1\n"));
    ASSERT_TRUE(one.send("x\n"));
    EXPECT_EQ(one.receive_exactly(2), "x\n");
}

bool is_healthy(blocking_client& asks) {
    asks.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return asks.receive().find("200 OK") != std::string::npos;
}

// A flood of peers does not look like a process that stalls.
TEST_P(admission, keeps_places_for_admin_pages_beyond_the_limit_and_not_without_end) {
    service_options wanted = options();
    wanted.max_connections = 2;
    service service{wanted};
    service.listen("127.0.0.1:0", answer_lines);
    service.admin("127.0.0.1:0");
    running_service running{service};
    const blocking_client one{service.local(0)}, two{service.local(0)};
    ASSERT_TRUE(eventually([&] { return service.open_connections() == 2; }));
    std::vector<blocking_client> operators;
    for (int i = 0; i < 16; ++i)
        EXPECT_TRUE(is_healthy(operators.emplace_back(service.local(1)))) << i;
    EXPECT_EQ(blocking_client{service.local(1)}.receive_all(), "");
    EXPECT_EQ(blocking_client{service.local(0)}.receive_all(), "");
    EXPECT_TRUE(has(service, "weir_connections_refused_total{reason=\"max_connections\"} 2\n"));
}

// BEHAVIOUR.md, "connection caps, global and per address".
TEST_P(admission, refuses_connections_over_the_limit_of_one_address) {
    service_options wanted = options();
    wanted.max_connections_per_address = 2;
    service service{wanted};
    service.listen("127.0.0.1:0", answer_lines);
    service.admin("127.0.0.1:0");
    running_service running{service};
    blocking_client one{service.local(0)}, two{service.local(0)};
    ASSERT_TRUE(eventually([&] { return service.open_connections() == 2; }));
    EXPECT_EQ(blocking_client{service.local(0)}.receive_all(), "");
    EXPECT_TRUE(has(service, "{reason=\"max_connections_per_address\"} 1\n"));
    blocking_client operators{service.local(1)};
    EXPECT_TRUE(is_healthy(operators));
    two.close();
    EXPECT_TRUE(eventually([&] {
        blocking_client three{service.local(0)};
        return three.send("x\n") && three.receive_exactly(2) == "x\n";
    }));
}

TEST_P(admission, leaves_connections_beyond_the_rate_in_the_queue_and_answers_all) {
    service_options wanted = options(1);
    wanted.max_accepts_per_second = 50;
    service service{wanted};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    const auto begun = std::chrono::steady_clock::now();
    std::vector<blocking_client> clients;
    for (int i = 0; i < 30; ++i) clients.emplace_back(service.local(0)).send("x\n");
    for (auto& each : clients) EXPECT_EQ(each.receive_exactly(2), "x\n");
    // Six may come at once.
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 24 * 20ms - 1ms);
}

TEST_P(admission, takes_who_waits_in_the_queue_before_a_drain_whatever_the_rate) {
    service_options wanted = options(1);
    wanted.max_accepts_per_second = 1;
    service service{wanted};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    std::vector<blocking_client> clients;
    for (int i = 0; i < 10; ++i) clients.emplace_back(service.local(0)).send("x\n");
    service.drain();
    for (auto& each : clients) EXPECT_EQ(each.receive_exactly(2), "x\n");
    EXPECT_TRUE(running.wait().has_value());
}

}  // namespace
}  // namespace weir::inline v0
