// BEHAVIOUR.md, "half-open": keepalive and TCP_USER_TIMEOUT free what a peer left without a word.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "weir/base/unique_fd.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"
#include "support/vanish.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

class half_open_test : public world_test<engine_world> {};

INSTANTIATE_TEST_SUITE_P(on, half_open_test, testing::Values("uring", "epoll"), name_of);

// A peer whose machine can be taken from the network: then its socket hears and says nothing.
class vanishing_peer {
public:
    explicit vanishing_peer(const endpoint& to) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        at.sin_port = htons(to.port());
        EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    }
    void vanish() { test::vanish(fd_.get()); }

private:
    unique_fd fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

task<result<>> loses_its_peer(engine& engine, bool unacknowledged) {
    listen_options soon;
    soon.user_timeout = 2s;
    auto place = engine.listen(endpoint{}, soon);
    if (!place) co_return fail(std::move(place).error());
    vanishing_peer peer{(*place)->local()};
    auto here = co_await or_return(take(engine, **place));
    peer.vanish();
    const time_point start = engine.now();
    if (unacknowledged) co_await or_return(send_text(*here, "are you there?"));
    auto ending = receive_error(*here);
    const errc lost = co_await with_timeout(15s, std::move(ending));
    EXPECT_EQ(lost, errc::reset);
    EXPECT_GE(engine.now() - start, 1s);
    co_return {};
}

TEST_P(half_open_test, ends_when_probes_stay_unanswered) {
    run(loses_its_peer(world_->engine(), false));
}

TEST_P(half_open_test, ends_when_what_was_sent_stays_unacknowledged) {
    run(loses_its_peer(world_->engine(), true));
}

int option_of(const native_socket& socket, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(socket.number(), level, name, &value, &size), 0);
    return value;
}

void expect_options(const native_socket& socket) {
    EXPECT_NE(option_of(socket, IPPROTO_TCP, TCP_NODELAY), 0);
    EXPECT_NE(option_of(socket, SOL_SOCKET, SO_KEEPALIVE), 0);
    EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_KEEPIDLE), 30);
    EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 60'000);
}

task<result<>> watches_both_ends(engine& engine) {
    auto place = co_await or_return(listen_here(engine));
    const native_socket near = co_await or_return(connect{engine, place->local()});
    const native_socket far = co_await or_return(accept{*place});
    expect_options(near);
    expect_options(far);
    co_return {};
}

TEST_P(half_open_test, is_watched_for_at_both_ends) { run(watches_both_ends(world_->engine())); }

// As another process may have opened it: without any option of ours.
result<listening_socket> plain_socket() {
    unique_fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(fd.get(), 8), 0);
    return take_listening_socket(fd.release());
}

task<result<>> watches_inherited(engine& engine) {
    listening_socket plain = co_await or_return(plain_socket());
    auto place = engine.listen(std::move(plain), listen_options{});
    if (!place) co_return fail(std::move(place).error());
    const native_socket near = co_await or_return(connect{engine, (*place)->local()});
    const native_socket far = co_await or_return(accept{**place});
    expect_options(far);
    co_return {};
}

TEST_P(half_open_test, is_watched_for_where_another_process_has_opened_the_listener) {
    run(watches_inherited(world_->engine()));
}

}  // namespace
}  // namespace weir::inline v0::io
