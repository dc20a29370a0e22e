// A service on a thread of its own, for as long as this lives.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "weir/service/service.hpp"

namespace weir::test {

// Looks again and again until it holds; false after ten seconds.
inline bool eventually(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

class running_service {
public:
    explicit running_service(service& service) : service_{service} {
        thread_ = std::jthread{[this] {
            service_.runtime().run(keep(service_.serve(service_.runtime()), outcome_));
            ended_.store(true);
        }};
        EXPECT_TRUE(eventually([&] { return service_.accepting() || ended_.load(); }));
    }
    ~running_service() { service_.drain(); }

    // Drains, waits, and answers with what serve() did.
    result<> drain() {
        service_.drain();
        return wait();
    }
    result<> wait() {
        if (thread_.joinable()) thread_.join();
        return std::move(outcome_);
    }

private:
    static task<> keep(task<result<>> serving, result<>& outcome) {
        outcome = co_await std::move(serving);
    }

    service& service_;
    result<> outcome_;
    std::atomic<bool> ended_ = false;
    std::jthread thread_;
};

}  // namespace weir::test
