// Where connections are tested: a loop, and links between two of its transports.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/io/memory_pair.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::net {

// "uring", "epoll", a simulated network, or "memory": a pair in memory and a clock that moves when
// nothing else can happen.
class stage {
public:
    stage(const std::string& name, std::size_t slabs)
        : world_{name == "memory" ? "sim" : name, slabs}, in_memory_{name == "memory"} {}

    void run(task<result<>> main) { world_.run(std::move(main)); }
    task<result<io::link>> link() {
        if (!in_memory_) co_return co_await world_.make_link();
        auto [near, far] = io::make_memory_pair(loop().scheduler(), loop().slabs());
        co_return io::link{std::move(near), std::move(far)};
    }
    io::loop& loop() { return world_.loop(); }
    time_point now() { return loop().now(); }
    // Time passes exactly as the timers say.
    bool exact() const { return world_.simulated(); }
    // Its receives come as they were sent.
    bool orderly() const { return in_memory_; }

    connection_options options;

private:
    io::engine_world world_;
    bool in_memory_;
};

class stage_test : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override { make(256); }
    void make(std::size_t slabs) {
        try {
            stage_.reset();
            stage_ = std::make_unique<stage>(GetParam(), slabs);
        } catch (const std::system_error& refused) {
            GTEST_SKIP() << refused.what();
        }
    }
    void run(task<result<>> main) { stage_->run(std::move(main)); }

    std::unique_ptr<stage> stage_;
};

inline std::vector<std::string> stage_names() {
    return {"uring", "epoll", "memory", "sim", "sim_seed_1", "sim_seed_2"};
}

// Fills until there are so many bytes.
inline task<result<>> fill_up_to(connection& from, std::size_t size) {
    while (from.input().size() < size) co_await or_return(from.fill());
    co_return {};
}

inline task<result<std::string>> read_text(connection& from, std::size_t size) {
    std::string text;
    while (text.size() < size) {
        if (from.input().empty()) co_await or_return(from.fill());
        const auto part = from.input().first(std::min(size - text.size(), from.input().size()));
        text += as_text(part);
        from.consume(part.size());
    }
    co_return text;
}

inline task<result<>> write_text(connection& to, std::string text) {
    if (!to.write(as_bytes(text))) co_return fail(errc::overloaded);
    co_return co_await to.flush();
}

// errc{} where it went well.
inline task<errc> fill_error(connection& from) {
    const auto outcome = co_await from.fill();
    co_return outcome ? errc{} : outcome.error().code();
}

}  // namespace weir::inline v0::net
