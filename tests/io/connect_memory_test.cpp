// A heap that refuses one request while connections to the path of a unix socket, and from one, are
// made: a path is kept in memory of its own.
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "weir/base/unique_fd.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

#include "io/counted_ops.hpp"
#include "io/refused_memory.hpp"
#include "support/scratch_folder.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

// Begins when it is told to, which takes no memory of the test.
class counted_connect final : public connect_op {
public:
    counted_connect(engine& by, const endpoint& to) : connect_op{to, 60s}, by_{by} {}
    ~counted_connect() {
        if (ends_ == 0) by_.abandon(*this);
    }
    void begin() noexcept {
        if (by_.start(*this)) ++ends_;
    }
    int ends() const noexcept { return ends_; }

private:
    void on_complete() noexcept override { ++ends_; }

    engine& by_;
    int ends_ = 0;
};

class counted_accept final : public accept_op {
public:
    explicit counted_accept(listener& from) : from_{from} {
        if (from_.start(*this)) ++ends_;
    }
    ~counted_accept() {
        if (ends_ == 0) from_.abandon(*this);
    }
    int ends() const noexcept { return ends_; }

private:
    void on_complete() noexcept override { ++ends_; }

    listener& from_;
    int ends_ = 0;
};

class connect_memory : public refused_memory {
protected:
    // Longer than what a string keeps in itself.
    endpoint place(const char* name) const { return endpoint::unix_path(folder_.file(name)); }

    test::scratch_folder folder_;
};

INSTANTIATE_TEST_SUITE_P(on, connect_memory, testing::Values("uring", "epoll"), name_of);

// While idle connections have as many operations pending as the first of what uring keeps them in
// has room for, but some.
task<result<>> connects_in_vain(engine_world& world, endpoint at, memory_refusal& next) {
    std::vector<link> idle;
    std::vector<std::unique_ptr<counted_receive_into>> received;
    for (int i = 0; i < 123; ++i) {
        idle.push_back(co_await or_return(world.make_link()));
        received.push_back(std::make_unique<counted_receive_into>(*idle.back().near));
        received.push_back(std::make_unique<counted_receive_into>(*idle.back().far));
    }
    auto place = co_await or_return(world.engine().listen(at, listen_options{}));
    co_await or_return(sleep(1ms));
    std::vector<std::unique_ptr<counted_connect>> connects;
    for (int i = 0; i < 20; ++i)
        connects.push_back(std::make_unique<counted_connect>(world.engine(), at));
    next.begin();
    for (const auto& each : connects) each->begin();
    while (connects.front()->ends() == 0 || connects.back()->ends() == 0)
        co_await or_return(sleep(1ms));
    next.end();
    int refused = 0;
    for (const auto& each : connects) {
        while (each->ends() == 0) co_await or_return(sleep(1ms));
        EXPECT_TRUE(each->status() == errc{} || each->status() == errc::out_of_memory);
        if (each->status() != errc{}) {
            ++refused;
        } else {
            EXPECT_EQ(each->take_socket().peer(), at);
        }
    }
    EXPECT_EQ(refused, next.came ? 1 : 0) << next.granted;
    co_return {};
}

// BEHAVIOUR.md, Process, "bad_alloc anywhere".
TEST_P(connect_memory, costs_one_of_twenty_attempts_to_connect_and_no_other) {
    const endpoint at = place("listens-at-a-path.sock");
    const auto refusals =
        sweep([&](memory_refusal& next) { run(connects_in_vain(*world_, at, next)); });
    EXPECT_EQ(refusals > 20, world_->engine().name() == "uring");
}

unique_fd bound_to(const endpoint& at) {
    unique_fd made{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    at.path().copy(name.sun_path, sizeof name.sun_path - 1);
    ::unlink(name.sun_path);
    EXPECT_EQ(::bind(made.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    return made;
}

void connect_to(const unique_fd& from, const endpoint& at) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    at.path().copy(name.sun_path, sizeof name.sun_path - 1);
    EXPECT_EQ(::connect(from.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
}

task<result<>> accepts_in_vain(engine& engine, std::array<endpoint, 2> at, memory_refusal& next) {
    auto place = co_await or_return(engine.listen(at[0], listen_options{}));
    counted_accept accepted{*place};
    co_await or_return(sleep(1ms));
    const unique_fd from = bound_to(at[1]);
    connect_to(from, at[0]);
    next.begin();
    while (accepted.ends() == 0) co_await or_return(sleep(1ms));
    next.end();
    EXPECT_EQ(accepted.status(), errc{});
    EXPECT_EQ(accepted.take_socket().peer(), next.came ? endpoint::unix_path({}) : at[1]);
    co_return {};
}

// It is accepted all the same, as one that is bound to no path.
TEST_P(connect_memory, costs_a_connection_the_path_it_came_from) {
    const std::array at{place("listens-at-a-path.sock"), place("comes-from-a-path.sock")};
    EXPECT_EQ(
        sweep([&](memory_refusal& next) { run(accepts_in_vain(world_->engine(), at, next)); }), 1U);
}

TEST_P(connect_memory, is_not_needed_to_close_a_listener) {
    const endpoint at = place("listens-at-a-path.sock");
    auto listens = world_->engine().listen(at, listen_options{});
    ASSERT_TRUE(listens.has_value());
    memory_refusal refusal;
    refusal.begin();
    listens->reset();
    refusal.end();
    EXPECT_FALSE(refusal.came);
    EXPECT_FALSE(std::filesystem::exists(at.path()));
}

}  // namespace
}  // namespace weir::inline v0::io
