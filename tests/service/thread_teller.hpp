// Tells which thread the loop of a service with one loop has.
#pragma once

#include <atomic>

#include <gtest/gtest.h>
#include <pthread.h>

#include "weir/service/service.hpp"

#include "service/running_service.hpp"
#include "support/blocking_client.hpp"

namespace weir::test {

class thread_teller {
public:
    // Must outlive the service's run.
    void listen(service& service) {
        service.listen("127.0.0.1:0", [this](net::connection& connection) {
            seen_.store(::pthread_self());
            return wait_for_the_end_of(connection);
        });
    }
    // Where that is the listener of this number.
    pthread_t ask(const service& service, std::size_t listener) {
        {
            const blocking_client tells{service.local(listener)};
            EXPECT_TRUE(eventually([&] { return seen_.load() != pthread_t{}; }));
        }
        EXPECT_TRUE(eventually([&] { return service.open_connections() == 0; }));
        return seen_.load();
    }

private:
    static task<> wait_for_the_end_of(net::connection& connection) {
        while (auto more = co_await connection.fill())
            connection.consume(connection.input().size());
    }

    std::atomic<pthread_t> seen_{};
};

}  // namespace weir::test
