// Handlers that do not end when they should.
#include "weir/flow/event.hpp"
#include "weir/task/shielded.hpp"
#include "weir/task/when_any.hpp"

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

task<result<>> until(flow::event& event) { co_return co_await event.wait(); }

// A service that is stopped from without, by whoever awaits serve().
class canceled_service {
public:
    explicit canceled_service(service& service) : service_{service} {
        thread_ = std::jthread{[this] { service_.runtime().run(serve_until_canceled()); }};
        EXPECT_TRUE(eventually([this] { return service_.accepting(); }));
    }
    void cancel() { cancel_.set(); }
    bool ended() const { return ended_; }
    // Once it has ended.
    const result<>& outcome() const { return outcome_; }

private:
    task<> serve_until_canceled() {
        auto [first, outcomes] =
            co_await when_any(service_.serve(service_.runtime()), until(cancel_));
        outcome_ = std::move(std::get<0>(outcomes));
        ended_ = true;
    }

    service& service_;
    flow::event cancel_;
    result<> outcome_;
    std::atomic<bool> ended_ = false;
    std::jthread thread_;
};

task<> ignores_its_stop(std::atomic<int>& count, flow::event& mercy) {
    const handler_frame here{count};
    (void)co_await shielded(1h, mercy.wait());
}

TEST_P(stubborn_handlers, are_destroyed_a_second_after_the_service_was_canceled) {
    service_options wanted = options();
    wanted.log_level = log_level::error;
    service service{wanted};
    std::atomic<int> handlers = 0;
    flow::event mercy;
    service.listen("127.0.0.1:0",
                   [&](net::connection&) { return ignores_its_stop(handlers, mercy); });
    testing::internal::CaptureStderr();
    canceled_service running{service};
    std::vector<blocking_client> clients;
    for (int i = 0; i < 3; ++i) clients.emplace_back(service.local(0));
    ASSERT_TRUE(eventually([&] { return handlers == 3; }));
    const auto begun = std::chrono::steady_clock::now();
    running.cancel();
    EXPECT_TRUE(eventually([&] { return running.ended(); })) << "it waits for them";
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
    mercy.set();
    ASSERT_TRUE(eventually([&] { return running.ended(); }));
    const std::string log = testing::internal::GetCapturedStderr();
    ASSERT_FALSE(running.outcome().has_value());
    EXPECT_EQ(running.outcome().error(), errc::timed_out);
    EXPECT_EQ(handlers, 0);
    EXPECT_TRUE(has(service, "weir_connections_closed_total{reason=\"destroyed\"} 3\n"));
    EXPECT_NE(log.find("did not end when it was stopped"), std::string::npos) << log;
}

// Nothing of the drain's time is waited for.
TEST_P(stubborn_handlers, do_not_keep_those_that_obey_when_the_service_is_canceled) {
    service service{options()};
    std::atomic<int> handlers = 0;
    service.listen("127.0.0.1:0", [&](net::connection& connection) {
        return [](net::connection& peer, std::atomic<int>& count) -> task<> {
            const handler_frame here{count};
            (void)co_await peer.fill();
        }(connection, handlers);
    });
    canceled_service running{service};
    blocking_client client{service.local(0)};
    ASSERT_TRUE(eventually([&] { return handlers == 1; }));
    const auto begun = std::chrono::steady_clock::now();
    running.cancel();
    ASSERT_TRUE(eventually([&] { return running.ended(); }));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 900ms);
    EXPECT_TRUE(running.outcome().has_value());
    EXPECT_EQ(client.receive_all(), "");
}

}  // namespace
}  // namespace weir::inline v0
