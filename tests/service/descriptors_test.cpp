// A service that is out of descriptors, or whose kernel is out of memory.
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include <poll.h>

#include "weir/base/asan.hpp"

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "support/blocking_client.hpp"
#include "support/descriptor_shortage.hpp"
#include "support/failing_calls.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;
using test::blocking_client;
using test::eventually;
using test::running_service;

class out_of_descriptors : public service_on {};

INSTANTIATE_TEST_SUITE_P(engines, out_of_descriptors, testing::ValuesIn(kernel_engines),
                         name_of_engine);

// What all threads of this process use while this client hears nothing for so long.
duration cpu_time_in(std::chrono::milliseconds silence, const blocking_client& client) {
    const auto used = [] {
        timespec spent{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
        return std::chrono::seconds{spent.tv_sec} + std::chrono::nanoseconds{spent.tv_nsec};
    };
    const duration before = used();
    pollfd heard{client.fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&heard, 1, static_cast<int>(silence.count())), 0);
    return used() - before;
}

// BEHAVIOUR.md, "EMFILE, ENFILE, ENOBUFS, ENOMEM on accept".
TEST_P(out_of_descriptors, waits_without_spinning_and_recovers_by_itself) {
    if (under_asan) GTEST_SKIP() << "UBSan opens a pipe to look at an object: there is none left";
    service service{options(1)};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    blocking_client before{service.local(0)};
    ASSERT_TRUE(before.send("a\n"));
    ASSERT_EQ(before.receive_exactly(2), "a\n");
    std::optional<test::descriptor_shortage> shortage{std::in_place, 1};
    blocking_client waits{service.local(0)};  // with the last one that there is
    ASSERT_TRUE(waits.send("b\n"));
    ASSERT_TRUE(eventually([&] { return !has(service, "weir_accept_errors_total 0\n"); }));
    EXPECT_LT(cpu_time_in(1s, waits), 50ms);
    ASSERT_TRUE(before.send("c\n"));
    EXPECT_EQ(before.receive_exactly(2), "c\n");
    EXPECT_EQ(service.open_connections(), 1U);
    shortage.reset();
    EXPECT_EQ(waits.receive_exactly(2), "b\n");
}

TEST_P(out_of_descriptors, drains_all_the_same) {
    if (under_asan) GTEST_SKIP() << "UBSan opens a pipe to look at an object: there is none left";
    service service{options(1)};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    const blocking_client idle{service.local(0)};
    ASSERT_TRUE(eventually([&] { return service.open_connections() == 1; }));
    const test::descriptor_shortage shortage{1};
    const blocking_client waits{service.local(0)};
    EXPECT_TRUE(running.drain().has_value());
}

struct accept_error {
    std::string_view name;
    int number;
};
constexpr std::array accept_errors{accept_error{"EMFILE", EMFILE},
                                   accept_error{"ENFILE", ENFILE},
                                   accept_error{"ENOBUFS", ENOBUFS},
                                   accept_error{"ENOMEM", ENOMEM},
                                   accept_error{"ECONNABORTED", ECONNABORTED},
                                   accept_error{"EPERM", EPERM}};

// The same for each errno value, whatever the process may have.
TEST_P(out_of_descriptors, recovers_from_each_error_that_accept_may_have) {
    for (const auto& [name, number] : accept_errors) {
        service service{options(1)};
        service.listen("127.0.0.1:0", answer_lines);
        running_service running{service};
        blocking_client before{service.local(0)};
        ASSERT_TRUE(before.send("a\n"));
        ASSERT_EQ(before.receive_exactly(2), "a\n");
        std::optional<test::failing_accepts> failing{std::in_place, number};
        blocking_client waits{service.local(0)};
        ASSERT_TRUE(waits.send("b\n"));
        ASSERT_TRUE(eventually([&] { return !has(service, "weir_accept_errors_total 0\n"); }))
            << name;
        EXPECT_LT(cpu_time_in(500ms, waits), 25ms) << name;
        ASSERT_TRUE(before.send("c\n"));
        EXPECT_EQ(before.receive_exactly(2), "c\n") << name;
        failing.reset();
        EXPECT_EQ(waits.receive_exactly(2), "b\n") << name;
        // A drain gives who idles a second.
        before.close();
        waits.close();
        EXPECT_TRUE(running.drain().has_value());
    }
}

// BEHAVIOUR.md, "resets mid-accept": "logged, counted, next". As many as a pause would be seen of.
TEST_P(out_of_descriptors, takes_the_next_after_connections_that_are_lost_in_the_queue) {
    service_options wanted = options(1);
    wanted.log_level = log_level::debug;
    testing::internal::CaptureStderr();
    {
        service service{wanted};
        service.listen("127.0.0.1:0", answer_lines);
        running_service running{service};
        const test::failing_accepts failing{ECONNABORTED, 15};
        const auto begun = std::chrono::steady_clock::now();
        blocking_client next{service.local(0)};
        ASSERT_TRUE(next.send("a\n"));
        EXPECT_EQ(next.receive_exactly(2), "a\n");
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 700ms) << "a pause for each is 750 ms";
        EXPECT_TRUE(has(service, "weir_accept_errors_total 15\n"));
        next.close();
        EXPECT_TRUE(running.drain().has_value());
    }
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("accept on 127.0.0.1:"), log.npos) << log;
}

// An engine that cannot watch a connection costs that one: ENOSPC where the user has more watches
// than max_user_watches.
TEST_P(out_of_descriptors, refuses_a_connection_that_the_kernel_does_not_watch) {
    if (GetParam() != io::engine_kind::epoll) GTEST_SKIP() << "nothing is watched";
    service service{options(2)};
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    blocking_client before{service.local(0)};
    ASSERT_TRUE(before.send("a\n"));
    ASSERT_EQ(before.receive_exactly(2), "a\n");
    int refused = 0;
    for (const int number : {ENOMEM, ENOSPC}) {
        const test::failing_watches failing{number};
        EXPECT_EQ(blocking_client{service.local(0)}.receive_all(), "");
        const std::string counted = "weir_accept_errors_total " + std::to_string(++refused) + '\n';
        EXPECT_TRUE(eventually([&] { return has(service, counted); }));
    }
    EXPECT_EQ(service.open_connections(), 1U);
    ASSERT_TRUE(before.send("b\n"));
    EXPECT_EQ(before.receive_exactly(2), "b\n");
    blocking_client next{service.local(0)};
    ASSERT_TRUE(next.send("c\n"));
    EXPECT_EQ(next.receive_exactly(2), "c\n");
}

}  // namespace
}  // namespace weir::inline v0
