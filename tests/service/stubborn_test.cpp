// Handlers that do not end when they should.
#include "weir/task/shielded.hpp"

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "support/blocking_client.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;
using test::blocking_client;
using test::eventually;
using test::running_service;

class stubborn_handlers : public service_on {};

INSTANTIATE_TEST_SUITE_P(engines, stubborn_handlers, testing::ValuesIn(kernel_engines),
                         name_of_engine);

struct handler_frame {
    explicit handler_frame(std::atomic<int>& counted) : count{counted} { ++count; }
    handler_frame(const handler_frame&) = delete;
    handler_frame& operator=(const handler_frame&) = delete;
    ~handler_frame() { --count; }
    std::atomic<int>& count;
};

// A handler that ignores the stop is contained, counted and named in the log.
TEST_P(stubborn_handlers, are_destroyed_a_second_after_they_were_cut_off) {
    service_options wanted = options();
    wanted.drain_timeout = 100ms;
    wanted.log_level = log_level::error;
    service service{wanted};
    std::atomic<int> handlers = 0;
    service.listen("127.0.0.1:0", [&](net::connection&) {
        return [](std::atomic<int>& count) -> task<> {
            const handler_frame here{count};
            auto nap = sleep(1h);
            (void)co_await shielded(1h, std::move(nap));
        }(handlers);
    });
    testing::internal::CaptureStderr();
    running_service running{service};
    std::vector<blocking_client> clients;
    for (int i = 0; i < 3; ++i) clients.emplace_back(service.local(0));
    ASSERT_TRUE(eventually([&] { return handlers == 3; }));
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = running.drain();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
    const std::string log = testing::internal::GetCapturedStderr();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error(), errc::timed_out);
    EXPECT_EQ(handlers, 0);
    EXPECT_TRUE(has(service, "weir_connections_closed_total{reason=\"destroyed\"} 3\n"));
    EXPECT_TRUE(has(service, "weir_connections_open 0\n"));
    EXPECT_NE(log.find("the handler of 127.0.0.1:"), std::string::npos) << log;
    EXPECT_NE(log.find("did not end when it was stopped"), std::string::npos) << log;
    for (auto& each : clients) EXPECT_EQ(each.receive_all(), "");
}

}  // namespace
}  // namespace weir::inline v0
