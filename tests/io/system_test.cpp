// What only an operating system has: unix sockets, shared ports, and a limit of descriptors.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "weir/base/asan.hpp"
#include "weir/base/unique_fd.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_stop.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"
#include "support/blocking_client.hpp"
#include "support/descriptor_shortage.hpp"
#include "support/scratch_folder.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

class system_test : public world_test<engine_world> {};

INSTANTIATE_TEST_SUITE_P(on, system_test, testing::Values("uring", "epoll"), name_of);

time_point of_the_system() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return time_point{std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec}};
}

TEST_P(system_test, has_the_time_of_the_systems_monotonic_clock) {
    const time_point before = of_the_system();
    const time_point now = world_->engine().now();
    EXPECT_LE(before, now);
    EXPECT_LE(now, of_the_system());
}

// How long a peer that reads so much waited for something to read, at the longest.
duration longest_wait(test::blocking_client& peer, std::size_t bytes) {
    duration longest{};
    while (bytes > 0) {
        const time_point begun = of_the_system();
        const std::size_t came = peer.receive().size();
        longest = std::max(longest, of_the_system() - begun);
        if (came == 0) return duration::max();
        bytes -= came;
    }
    return longest;
}

// hands_over: in the loop's first turn, in which io_uring queues what is sent; in later ones, where
// hardly anything is ready, it sends at once.
enum class hands_over : std::uint8_t { in_the_first_turn, in_a_later_turn };

task<result<>> to_a_peer_that_reads_late(engine_world& world, hands_over when) {
    auto place = co_await or_return(listen_here(world.engine()));
    test::blocking_client peer{place->local()};
    const auto near = co_await or_return(take(world.engine(), *place));
    if (when == hands_over::in_a_later_turn) co_await or_return(sleep(1ms));
    std::string text(world.flood(), 'x');
    std::array pieces{piece{text.data(), text.size()}};
    stop_node ended{(co_await this_env{}).stop()};
    const unawaited_send sent{*near, pieces, &ended};
    EXPECT_TRUE(sent.pending());
    // Nothing else happens on the loop until then; it slept for eight seconds once.
    std::jthread reads{[&] { EXPECT_LT(longest_wait(peer, text.size()), 4s); }};
    (void)co_await with_stop(ended, sleep(30s));
    EXPECT_FALSE(sent.pending());
    reads.join();
    co_return {};
}

TEST_P(system_test, goes_on_sending_as_soon_as_a_peer_reads) {
    run(to_a_peer_that_reads_late(*world_, hands_over::in_a_later_turn));
}
TEST_P(system_test, goes_on_sending_what_was_queued_as_soon_as_a_peer_reads) {
    run(to_a_peer_that_reads_late(*world_, hands_over::in_the_first_turn));
}

task<result<>> over_a_unix_socket(engine& engine, std::string path) {
    const endpoint at = endpoint::unix_path(path);
    auto place = engine.listen(at, listen_options{});
    if (!place) co_return fail(std::move(place).error());
    EXPECT_EQ((*place)->local(), at);
    auto [near, far] = co_await when_all(dial(engine, at), take(engine, **place));
    if (!near || !far) co_return fail(errc::internal, "no connection");
    co_await or_return(send_text(**near, "local"));
    const auto got = co_await or_return(receive_text(**far, 5));
    EXPECT_EQ(got, "local");
    EXPECT_EQ(engine.listen(at, listen_options{}).error(), errc::address_in_use);
    place->reset();
    EXPECT_FALSE(std::filesystem::exists(path));
    const auto gone = co_await connect{engine, at};
    EXPECT_EQ(gone ? errc{} : gone.error().code(), errc::refused);
    co_return {};
}

TEST_P(system_test, listens_on_a_unix_socket_and_removes_it) {
    const test::scratch_folder folder;
    run(over_a_unix_socket(world_->engine(), folder.file("here.sock")));
}

// io_uring's multishot receive loses an end that is there, with bytes before it, when it begins
// (6.18).
task<result<>> said_all_and_left(engine& engine, std::string path) {
    auto place = engine.listen(endpoint::unix_path(path), listen_options{});
    if (!place) co_return fail(std::move(place).error());
    auto near = co_await or_return(dial(engine, (*place)->local()));
    auto far = co_await or_return(take(engine, **place));
    co_await or_return(send_text(*near, "bye"));
    near.reset();
    const auto got = co_await or_return(receive_text(*far, 3));
    EXPECT_EQ(got, "bye");
    const auto more = co_await receive_chunk{*far};
    EXPECT_EQ(more ? errc{} : more.error().code(), errc::end_of_stream);
    co_return {};
}

TEST_P(system_test, sees_the_end_behind_the_first_bytes_over_a_unix_socket) {
    const test::scratch_folder folder;
    run(said_all_and_left(world_->engine(), folder.file("here.sock")));
}

task<result<>> pass_a_listener_on(engine& engine, engine_world& successor, std::string path) {
    auto place = engine.listen(endpoint::unix_path(path), listen_options{});
    if (!place) co_return fail(std::move(place).error());
    auto before = co_await or_return(dial(engine, (*place)->local()));
    auto shared = (*place)->share();
    if (!shared) co_return fail(std::move(shared).error());
    EXPECT_FALSE(shared->kept);
    auto heir = successor.engine().listen(std::move(*shared), listen_options{});
    if (!heir) co_return fail(std::move(heir).error());
    EXPECT_FALSE((*place)->shared());
    (*place)->hand_over();
    EXPECT_TRUE((*place)->shared());
    EXPECT_EQ((*heir)->local(), (*place)->local());
    (*place)->refuse_new();
    (*heir)->take_charge();
    place->reset();
    EXPECT_TRUE(std::filesystem::exists(path));
    // It waited in the queue; and one that comes now, which no engine tells the old owner of.
    EXPECT_TRUE((*heir)->has_waiting());
    auto after = co_await or_return(dial(engine, (*heir)->local()));
    co_await or_return(sleep(std::chrono::milliseconds{1}));  // a turn, in which it would tell
    heir->reset();
    EXPECT_FALSE(std::filesystem::exists(path));
    co_return {};
}

TEST_P(system_test, passes_a_listener_on_with_those_who_wait) {
    const test::scratch_folder folder;
    engine_world successor{GetParam(), 4};
    run(pass_a_listener_on(world_->engine(), successor, folder.file("here.sock")));
}

TEST_P(system_test, leaves_a_file_that_is_anothers_by_now) {
    const test::scratch_folder folder;
    const std::string path = folder.file("here.sock");
    auto first = world_->engine().listen(endpoint::unix_path(path), listen_options{});
    ASSERT_TRUE(first.has_value());
    std::filesystem::remove(path);
    const auto second = world_->engine().listen(endpoint::unix_path(path), listen_options{});
    ASSERT_TRUE(second.has_value());
    first->reset();
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_P(system_test, replaces_a_unix_socket_that_a_dead_process_left) {
    const test::scratch_folder folder;
    const std::string path = folder.file("stale.sock");
    {
        auto first = world_->engine().listen(endpoint::unix_path(path), listen_options{});
        ASSERT_TRUE(first.has_value());
        std::filesystem::create_hard_link(path, folder.file("kept.sock"));
    }
    std::filesystem::rename(folder.file("kept.sock"), path);
    run(over_a_unix_socket(world_->engine(), path));
}

TEST_P(system_test, refuses_a_port_in_use_that_its_owner_shares) {
    const unique_fd shared{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const int yes = 1;
    ASSERT_EQ(::setsockopt(shared.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes), 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    ASSERT_EQ(::bind(shared.get(), address, size), 0);
    ASSERT_EQ(::listen(shared.get(), 8), 0);
    ASSERT_EQ(::getsockname(shared.get(), address, &size), 0);
    const auto place = endpoint::ipv4({127, 0, 0, 1}, ntohs(at.sin_port));
    EXPECT_EQ(world_->engine().listen(place, listen_options{}).error(), errc::address_in_use);
}

task<result<>> out_of_descriptors(engine& engine) {
    auto place = co_await or_return(listen_here(engine));
    auto near = co_await or_return(dial(engine, place->local()));
    co_await or_return(send_text(*near, "patient"));
    {
        const test::descriptor_shortage none;
        const auto came = co_await accept{*place};
        EXPECT_EQ(came ? errc{} : came.error().code(), errc::overloaded);
        const auto went = co_await connect{engine, place->local()};
        EXPECT_EQ(went ? errc{} : went.error().code(), errc::overloaded);
    }
    auto far = co_await or_return(take(engine, *place));
    const auto got = co_await or_return(receive_text(*far, 7));
    EXPECT_EQ(got, "patient");
    co_return {};
}

// BEHAVIOUR.md, "EMFILE, ENFILE, ENOBUFS, ENOMEM on accept".
TEST_P(system_test, keeps_a_connection_waiting_while_descriptors_are_short) {
    if (under_asan) GTEST_SKIP() << "UBSan opens a pipe to look at an object: there is none left";
    run(out_of_descriptors(world_->engine()));
}

}  // namespace
}  // namespace weir::inline v0::io
