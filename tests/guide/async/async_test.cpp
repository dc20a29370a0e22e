#include <array>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "weir/io/resolver.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/this_env.hpp"

#include "ours.hpp"
#include "task/driver.hpp"
#include "tutorial.hpp"

namespace guide::async {
namespace {

using namespace std::chrono_literals;

// --- waiting for a peer that does not answer

// A listener whose queue is full: it answers to no SYN any more.
class black_hole {
public:
    black_hole() {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(listener_.get(), generic(), sizeof address_), 0);
        EXPECT_EQ(listen(listener_.get(), 0), 0);
        socklen_t size = sizeof address_;
        EXPECT_EQ(getsockname(listener_.get(), generic(), &size), 0);
        for (auto& each : waiting_) (void)connect(each.get(), generic(), sizeof address_);
    }
    sockaddr_in address() const { return address_; }
    weir::net::host host() const {
        return *weir::net::host::parse("127.0.0.1:" + std::to_string(ntohs(address_.sin_port)));
    }

private:
    static weir::unique_fd new_socket() {
        return weir::unique_fd{socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    }
    sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }

    weir::unique_fd listener_ = new_socket();
    std::array<weir::unique_fd, 4> waiting_{new_socket(), new_socket(), new_socket(), new_socket()};
    sockaddr_in address_{};
};

weir::task<weir::result<>> tick(int& ticks) {
    for (;; ++ticks) co_await weir::or_return(weir::sleep(5ms));
}

// How often somebody else on the same loop had a turn meanwhile.
weir::task<> count_turns_beside(weir::task<weir::result<>> connecting, int& ticks) {
    const weir::environment& env = co_await weir::this_env{};
    weir::task_scope beside{env, [](const weir::error&) {}};
    beside.spawn(tick(ticks));
    const auto outcome = co_await std::move(connecting);
    EXPECT_FALSE(outcome) << "nobody answers";
    beside.request_stop();
    co_await beside.join();
}

TEST(guide_async, a_connect_that_blocks_stops_everybody_on_its_loop) {
    const black_hole nobody;
    weir::io::runtime runtime;
    int ticks = 0;
    runtime.run(count_turns_beside(connect_that_blocks(nobody.address(), 100ms), ticks));
    EXPECT_EQ(ticks, 0);
}

TEST(guide_async, a_dial_that_waits_leaves_the_loop_to_others) {
    const black_hole nobody;
    weir::io::runtime runtime;
    weir::io::system_resolver names{runtime.blocking()};
    int ticks = 0;
    auto connecting = connect_that_waits(runtime.at(0), names, nobody.host(), 100ms);
    runtime.run(count_turns_beside(std::move(connecting), ticks));
    EXPECT_GE(ticks, 2);
}

// --- waiting for a second, and no longer

template <class Timeout>
weir::task<> ask_often(backend& whom, weir::task_scope& background, int& left) {
    for (int i = 0; i < 100; ++i) {
        const auto outcome = co_await Timeout::ask(whom, background);
        EXPECT_EQ(outcome.error(), weir::errc::timed_out);
    }
    left = whom.being_asked;
}

// What is still going on after a hundred questions that nobody waits for any more.
template <class Timeout>
int left_after_a_hundred_timeouts() {
    backend whom;
    weir::driver driver;
    int left = -1;
    driver.scope().spawn(ask_often<Timeout>(whom, driver.scope(), left));
    driver.run();
    return left;
}

TEST(guide_async, a_timeout_beside_the_work_ends_the_wait_and_not_the_work) {
    EXPECT_EQ(left_after_a_hundred_timeouts<timeout_beside_the_work>(), 100);
}

TEST(guide_async, a_timeout_around_the_work_ends_both) {
    EXPECT_EQ(left_after_a_hundred_timeouts<timeout_around_the_work>(), 0);
}

}  // namespace
}  // namespace guide::async
