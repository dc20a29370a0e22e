// What whoever started the service is told of it.
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "weir/base/unique_fd.hpp"
#include "weir/service/service.hpp"

#include "service/running_service.hpp"
#include "support/blocking_client.hpp"
#include "support/scratch_folder.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;
using test::blocking_client;
using test::running_service;

// As systemd does: a datagram socket, and its name in the environment, for as long as this lives.
class mailbox {
public:
    explicit mailbox(std::string name) {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        name.copy(at.sun_path, sizeof at.sun_path - 1);
        if (name.front() == '@') at.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&at), size), 0);
        ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    }
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;
    ~mailbox() {
        for (const char* each : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
            ::unsetenv(each);
        }
    }

    // The next message; empty where none has come within that time.
    std::string receive(std::chrono::milliseconds wait = 10s) {
        const timeval limit{wait.count() / 1000, (wait.count() % 1000) * 1000};
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        std::array<char, 512> text{};
        ssize_t got = 0;
        do {  // a ring that is being torn down interrupts the threads that used it
            got = ::recv(fd_.get(), text.data(), text.size(), 0);
        } while (got < 0 && errno == EINTR);
        return got < 0 ? std::string{} : std::string{text.data(), static_cast<std::size_t>(got)};
    }
    // Whether such messages come, in any order and among others.
    bool hears(std::vector<std::string> wanted) {
        const auto until = std::chrono::steady_clock::now() + 20s;
        while (!wanted.empty() && std::chrono::steady_clock::now() < until) {
            std::erase(wanted, receive());
        }
        return wanted.empty();
    }
    bool hears(std::string wanted) { return hears(std::vector{std::move(wanted)}); }
    // Forgets what has come.
    void empty() {
        while (!receive(1ms).empty()) {
        }
    }
    // From now on there is room for nothing more, until it is read.
    void fill() {
        const unique_fd from{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        sockaddr_un at{};
        socklen_t size = sizeof at;
        ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&at), &size);
        while (::sendto(from.get(), "X", 1, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&at), size) ==
               1) {
        }
    }

private:
    unique_fd fd_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

service_options unwatched() {
    service_options options;
    options.runtime.loops = 2;
    options.runtime.slabs = 64;
    options.log_level = log_level::off;
    return options;
}

service_options replaceable(const test::scratch_folder& folder) {
    service_options options = unwatched();
    options.takeover_path = folder.file("takeover.sock");
    return options;
}

std::string ready(const service& which) {
    return "READY=1\nSTATUS=Listening on " + which.local(0).text();
}

task<> hang_up(net::connection&) { co_return; }

// Says who it is, and hangs up.
task<> say_old(net::connection& connection) {
    connection.write(as_bytes("old"));
    co_return;
}
task<> say_new(net::connection& connection) {
    connection.write(as_bytes("new"));
    co_return;
}

bool stops_accepting_within(std::chrono::milliseconds time, const service& which) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (which.accepting() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return !which.accepting();
}

int answered_by_new(const io::endpoint& at, int of) {
    int answered = 0;
    for (int i = 0; i < of; ++i) answered += blocking_client{at}.receive_all() == "new" ? 1 : 0;
    return answered;
}

class supervisor_at : public testing::TestWithParam<bool> {};

TEST_P(supervisor_at, hears_of_the_beginning_and_the_end) {
    const test::scratch_folder folder;
    const std::string path = folder.file("notify");
    mailbox mail{GetParam() ? "@" + path : path};
    service service{unwatched()};
    service.listen("127.0.0.1:0", hang_up);
    ASSERT_TRUE(service.inherit().has_value());
    running_service running{service};
    EXPECT_EQ(mail.receive(), ready(service));
    EXPECT_TRUE(running.drain().has_value());
    EXPECT_EQ(mail.receive(), "STOPPING=1");
    EXPECT_EQ(mail.receive(50ms), "");
}

INSTANTIATE_TEST_SUITE_P(name, supervisor_at, testing::Bool(),
                         [](const auto& info) { return info.param ? "abstract" : "path"; });

TEST(supervisor, hears_that_all_loops_turn_for_as_long_as_they_do) {
    const test::scratch_folder folder;
    mailbox mail{folder.file("notify")};
    ::setenv("WATCHDOG_USEC", "100000", 1);
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    service service{unwatched()};
    std::atomic<bool> blocks = false;
    std::latch over{1};
    service.listen("127.0.0.1:0", [&](net::connection& connection) {
        // A handler's bug: it blocks its loop. The first loop must go on, or the test proves
        // nothing.
        if (connection.loop().index() == 1) {
            blocks = true;
            over.wait();
        }
        return hang_up(connection);
    });
    ASSERT_TRUE(service.inherit().has_value());
    running_service running{service};
    EXPECT_TRUE(mail.hears("WATCHDOG=1"));
    std::vector<blocking_client> clients;
    while (!blocks) clients.emplace_back(service.local(0));
    // Ten times as long as it is told again when all is well.
    EXPECT_TRUE(test::eventually([&] { return mail.receive(500ms).empty(); }));
    over.count_down();
    EXPECT_TRUE(mail.hears("WATCHDOG=1"));
    EXPECT_TRUE(running.drain().has_value());
}

TEST(supervisor, of_another_process_is_not_told_that_loops_turn) {
    const test::scratch_folder folder;
    mailbox mail{folder.file("notify")};
    ::setenv("WATCHDOG_USEC", "20000", 1);
    ::setenv("WATCHDOG_PID", "1", 1);
    service service{unwatched()};
    service.listen("127.0.0.1:0", hang_up);
    ASSERT_TRUE(service.inherit().has_value());
    const running_service running{service};
    EXPECT_TRUE(mail.receive().starts_with("READY=1\n"));
    EXPECT_EQ(mail.receive(100ms), "");
}

TEST(supervisor, that_takes_no_messages_keeps_nobody_from_serving) {
    const test::scratch_folder folder;
    {
        const mailbox gone{folder.file("notify")};
    }
    ::setenv("NOTIFY_SOCKET", folder.file("notify").c_str(), 1);
    service service{unwatched()};
    service.listen("127.0.0.1:0", hang_up);
    ASSERT_TRUE(service.inherit().has_value());
    ::unsetenv("NOTIFY_SOCKET");
    running_service running{service};
    EXPECT_TRUE(service.accepting());
    EXPECT_TRUE(running.drain().has_value());
}

TEST(supervisor, hears_who_took_over_and_then_from_that_one_alone) {
    const test::scratch_folder folder;
    mailbox mail{folder.file("notify")};
    ::setenv("WATCHDOG_USEC", "50000", 1);
    const service_options wanted = replaceable(folder);
    service first{wanted};
    first.listen("127.0.0.1:0", hang_up);
    ASSERT_TRUE(first.inherit().has_value());
    running_service was{first};
    EXPECT_TRUE(mail.hears("WATCHDOG=1"));
    // It was not started by a supervisor: whom its predecessor has, it has, too.
    service second{wanted};
    second.listen(first.local(0).text(), hang_up);
    ASSERT_TRUE(second.take_over().has_value());
    running_service is{second};
    EXPECT_TRUE(mail.hears({"MAINPID=" + std::to_string(::getpid()), ready(second)}));
    EXPECT_TRUE(was.wait().has_value());
    mail.empty();
    EXPECT_TRUE(mail.hears("WATCHDOG=1"));
    EXPECT_TRUE(is.drain().has_value());
    EXPECT_TRUE(mail.hears("STOPPING=1"));
}

TEST(supervisor, that_is_behind_with_its_messages_hears_who_took_over_all_the_same) {
    const test::scratch_folder folder;
    mailbox mail{folder.file("notify")};
    const service_options wanted = replaceable(folder);
    service first{wanted};
    first.listen("127.0.0.1:0", say_old);
    ASSERT_TRUE(first.inherit().has_value());
    running_service was{first};
    const io::endpoint at = first.local(0);
    mail.fill();
    service second{wanted};
    second.listen(at.text(), say_new);
    ASSERT_TRUE(second.take_over().has_value());
    running_service is{second};
    ASSERT_TRUE(test::eventually([&] { return second.accepting(); }));
    EXPECT_TRUE(stops_accepting_within(5s, first)) << "though nobody has heard of its successor";
    EXPECT_TRUE(test::eventually([&] { return answered_by_new(at, 40) == 40; }));
    EXPECT_TRUE(mail.hears({"MAINPID=" + std::to_string(::getpid()), ready(second)}));
    EXPECT_TRUE(was.wait().has_value());
    EXPECT_TRUE(is.drain().has_value());
    EXPECT_TRUE(mail.hears("STOPPING=1"));
}

// Runs until a successor has taken over, of which the supervisor hears when the drain would be
// long over.
int run_unheard() {
    const test::scratch_folder folder;
    mailbox mail{folder.file("notify")};
    service_options wanted = replaceable(folder);
    wanted.drain_timeout = 100ms;
    service first{wanted};
    first.listen("127.0.0.1:0", hang_up);
    bool still_there = false, heard = false;
    std::promise<void> ended;
    std::jthread takes_over{[&] {
        while (!first.accepting()) std::this_thread::yield();
        service second{wanted};
        second.listen(first.local(0).text(), hang_up);
        if (!second.take_over()) return first.drain();
        mail.fill();
        const running_service running{second};
        // It would be cut off by then.
        still_there = ended.get_future().wait_for(6s) == std::future_status::timeout;
        heard = mail.hears("MAINPID=" + std::to_string(::getpid()));
    }};
    const int code = first.run();
    ended.set_value();
    takes_over.join();
    return still_there && heard ? code : 10;
}

TEST(supervisor_death, that_is_behind_with_its_messages_does_not_cut_the_drain_off) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(std::exit(run_unheard()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace weir::inline v0
