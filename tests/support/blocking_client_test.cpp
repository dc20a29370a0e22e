#include "support/blocking_client.hpp"

#include <atomic>
#include <csignal>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace weir::test {
namespace {

std::atomic<int> interruptions = 0;

// What it interrupts is not begun again by the kernel.
class interrupting_signal {
public:
    interrupting_signal() {
        struct sigaction action{};
        action.sa_handler = [](int) { interruptions.fetch_add(1); };
        ::sigaction(SIGUSR1, &action, &before_);
    }
    interrupting_signal(const interrupting_signal&) = delete;
    interrupting_signal& operator=(const interrupting_signal&) = delete;
    ~interrupting_signal() { ::sigaction(SIGUSR1, &before_, nullptr); }

private:
    struct sigaction before_{};
};

// Has room for one connection that nobody accepts; who comes later waits.
class crowded_listener {
public:
    crowded_listener() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(fd_.get(), 0);
        socklen_t size = sizeof address;
        ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
    }
    io::endpoint at() const { return io::endpoint::ipv4({127, 0, 0, 1}, port_); }
    void accept() { const unique_fd taken{::accept(fd_.get(), nullptr, nullptr)}; }

private:
    unique_fd fd_;
    std::uint16_t port_ = 0;
};

}  // namespace

TEST(blocking_client, connects_however_often_it_is_interrupted) {
    const interrupting_signal signal;
    crowded_listener listener;
    const blocking_client first{listener.at()};
    ASSERT_TRUE(first.connected());
    std::atomic<bool> connected = false, ended = false;
    std::thread connecting{[&] {
        const blocking_client second{listener.at()};
        connected.store(second.connected());
        ended.store(true);
    }};
    while (interruptions.load() < 100 && !ended.load()) {
        ::pthread_kill(connecting.native_handle(), SIGUSR1);
        std::this_thread::yield();
    }
    listener.accept();
    connecting.join();
    EXPECT_GT(interruptions.load(), 0);
    EXPECT_TRUE(connected.load());
}

}  // namespace weir::test
