// A service of two loops whose second does not turn until it is released.
#pragma once

#include <atomic>
#include <latch>
#include <optional>

#include <gtest/gtest.h>

#include "weir/service/service.hpp"

#include "service/admin_client.hpp"
#include "service/running_service.hpp"

namespace weir::test {

// Its admin pages are on the first loop, which accepts; the second one is given the second
// connection, whose handler keeps the thread.
class stalled_second_loop {
public:
    stalled_second_loop() {
        service.admin("127.0.0.1:0");
        service.listen("127.0.0.1:0", [this](net::connection& connection) {
            if (++connections_ == 2) over_.wait();
            return read_to_the_end(connection);
        });
        running_.emplace(service);
        first_.emplace(service.local(1));
        EXPECT_TRUE(eventually([&] { return connections_ == 1; }));
        second_.emplace(service.local(1));
        EXPECT_TRUE(eventually([&] { return connections_ == 2; }));
    }
    void release() { over_.count_down(); }

    weir::service service{options()};

private:
    static service_options options() {
        service_options options = quiet_options();
        options.runtime.loops = 2;
        return options;
    }
    static task<> read_to_the_end(net::connection& connection) {
        while (auto filled = co_await connection.fill())
            connection.consume(connection.input().size());
    }

    std::atomic<int> connections_ = 0;
    std::latch over_{1};
    std::optional<running_service> running_;
    std::optional<blocking_client> first_;
    std::optional<blocking_client> second_;
};

}  // namespace weir::test
