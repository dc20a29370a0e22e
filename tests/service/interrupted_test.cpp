// A service whose calls into the kernel are interrupted all the time.
#include <atomic>
#include <csignal>
#include <thread>

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "service/thread_teller.hpp"
#include "support/blocking_client.hpp"

namespace weir::inline v0 {
namespace {

using test::blocking_client;
using test::running_service;

class interrupted_calls : public service_on {};

INSTANTIATE_TEST_SUITE_P(engines, interrupted_calls, testing::ValuesIn(kernel_engines),
                         name_of_engine);

// Sends a thread one signal after another, whose handler does nothing and restarts no call.
class interruptions {
public:
    explicit interruptions(pthread_t of) {
        struct sigaction nothing{};
        nothing.sa_handler = [](int) {};
        ::sigaction(SIGUSR2, &nothing, nullptr);
        thread_ = std::jthread{[of](const std::stop_token& over) {
            while (!over.stop_requested()) {
                ::pthread_kill(of, SIGUSR2);
                std::this_thread::yield();
            }
        }};
    }

private:
    std::jthread thread_;
};

// BEHAVIOUR.md, Process, "EINTR, short reads and short writes everywhere": what the simulated
// network does by its seeds, here with a kernel.
TEST_P(interrupted_calls, begin_again_and_lose_nothing) {
    service service{options(1)};
    test::thread_teller teller;
    service.listen("127.0.0.1:0", answer_lines);
    teller.listen(service);
    running_service running{service};
    {
        const interruptions all_the_time{teller.ask(service, 1)};
        const std::string line = std::string(300'000, 'x') + '\n';
        for (int i = 0; i < 20; ++i) {
            blocking_client client{service.local(0)};
            for (int j = 0; j < 3; ++j) {
                ASSERT_TRUE(client.send(line));
                ASSERT_TRUE(client.receive_exactly(line.size()) == line);
            }
        }
    }
    EXPECT_TRUE(running.drain().has_value());
    EXPECT_TRUE(has(service, "weir_accept_errors_total 0\n"));
    EXPECT_TRUE(has(service, "weir_connections_closed_total{reason=\"reset\"} 0\n"));
}

}  // namespace
}  // namespace weir::inline v0
