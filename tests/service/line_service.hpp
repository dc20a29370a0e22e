// A service of lines, over each engine of the kernel.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <gtest/gtest.h>

#include "weir/io/make_engine.hpp"
#include "weir/io/slab.hpp"
#include "weir/metrics/text.hpp"
#include "weir/service/service.hpp"
#include "weir/task/sleep.hpp"

namespace weir::inline v0 {

// Answers each line with itself; "slow\n" after 200 ms, "throw\n" with an exception.
inline task<> answer_lines(net::connection& connection) {
    while (auto more = co_await connection.fill()) {
        for (;;) {
            const std::string_view input = as_text(connection.input());
            const auto end = input.find('\n');
            if (end == std::string_view::npos) break;
            const std::string line{input.substr(0, end + 1)};
            connection.consume(line.size());
            connection.set_in_message(true);
            if (line == "slow\n") (void)co_await sleep(std::chrono::milliseconds{200});
            if (line == "throw\n") throw std::runtime_error{"a handler's bug"};
            connection.write(as_bytes(line));
            if (auto sent = co_await connection.flush(); !sent) co_return;
            connection.set_in_message(false);
        }
    }
}

inline bool has(service& service, std::string_view metric) {
    std::string page;
    metrics::write_text(service.metrics().collect(), page);
    return page.find(metric) != std::string::npos;
}

// A test that is skipped, with the reason, where the kernel forbids its engine.
class on_engine : public testing::TestWithParam<io::engine_kind> {
protected:
    void SetUp() override {
        try {
            io::slab_pool slabs{1};
            (void)io::make_engine(GetParam(), slabs);
        } catch (const std::system_error& refused) {
            GTEST_SKIP() << refused.what();
        }
    }
};

class service_on : public on_engine {
protected:
    static service_options options(unsigned loops = 2) {
        service_options made;
        made.runtime.engine = GetParam();
        made.runtime.loops = loops;
        made.runtime.slabs = 256;
        made.log_level = log_level::off;
        return made;
    }
};

inline constexpr io::engine_kind kernel_engines[] = {io::engine_kind::epoll,
                                                     io::engine_kind::uring};

inline std::string name_of_engine(const testing::TestParamInfo<io::engine_kind>& info) {
    return info.param == io::engine_kind::epoll ? "epoll" : "uring";
}

}  // namespace weir::inline v0
