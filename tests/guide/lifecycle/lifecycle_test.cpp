#include <chrono>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <poll.h>

#include "weir/base/unique_fd.hpp"
#include "weir/service/service.hpp"

#include "service/running_service.hpp"
#include "support/blocking_client.hpp"
#include "tutorial.hpp"

namespace guide::lifecycle {
namespace {

using namespace std::chrono_literals;

struct heard {
    std::string bytes;
    bool closed = false;
};

// What a peer gets until the other side closes, or has been silent for so long.
heard hear(int fd, std::chrono::milliseconds patience) {
    heard all;
    for (pollfd readable{fd, POLLIN, 0};;) {
        if (poll(&readable, 1, static_cast<int>(patience.count())) <= 0) return all;
        char bytes[64];
        const ssize_t size = recv(fd, bytes, sizeof bytes, 0);
        all.closed = size == 0;
        if (size <= 0) return all;
        all.bytes.append(bytes, static_cast<std::size_t>(size));
    }
}

// --- the tutorial's form

heard from_the_tutorials(void (*handler)(buffered_stream&)) {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const weir::unique_fd peer{ends[0]};
    serve(ends[1], handler);
    const heard all = hear(peer.get(), 100ms);
    if (!all.closed) close(ends[1]);  // nobody else will
    return all;
}

void says_goodbye(buffered_stream& stream) { stream.write("goodbye"); }
void says_goodbye_and_throws(buffered_stream& stream) {
    stream.write("goodbye");
    throw std::runtime_error{"in the middle"};
}

TEST(guide_lifecycle, a_dropped_stream_never_sends_what_was_not_flushed) {
    const heard all = from_the_tutorials(says_goodbye);
    EXPECT_EQ(all.bytes, "");
    EXPECT_TRUE(all.closed);
}

TEST(guide_lifecycle, a_close_that_has_to_be_called_is_passed_by) {
    EXPECT_FALSE(from_the_tutorials(says_goodbye_and_throws).closed);
}

// --- ours

struct seen : heard {
    std::size_t open = 0;
    std::uint64_t failures = 0;
};

seen from_ours(weir::task<> (*handler)(weir::net::connection&)) {
    weir::service_options options;
    options.log_level = weir::log_level::off;
    weir::service service{options};
    service.listen("127.0.0.1:0", handler);
    weir::test::running_service running{service};
    const weir::test::blocking_client peer{service.local(0)};
    seen all;
    static_cast<heard&>(all) = hear(peer.fd(), 10s);
    EXPECT_TRUE(running.drain());
    all.open = service.open_connections();
    all.failures =
        service.metrics()
            .counter("weir_connection_failures_total", "Connections whose handler failed.")
            .value();
    return all;
}

weir::task<> ours_says_goodbye(weir::net::connection& connection) {
    connection.write(weir::as_bytes("goodbye"));
    co_return;
}
weir::task<> ours_throws(weir::net::connection& connection) {
    connection.write(weir::as_bytes("goodbye"));
    throw std::runtime_error{"in the middle"};
    co_return;
}

TEST(guide_lifecycle, a_connection_sends_what_was_written_before_it_closes) {
    const seen all = from_ours(ours_says_goodbye);
    EXPECT_EQ(all.bytes, "goodbye");
    EXPECT_TRUE(all.closed);
    EXPECT_EQ(all.open, 0U);
}

TEST(guide_lifecycle, a_connection_closes_though_its_handler_threw_and_is_counted) {
    const seen all = from_ours(ours_throws);
    EXPECT_TRUE(all.closed);
    EXPECT_EQ(all.open, 0U);
    EXPECT_EQ(all.failures, 1U);
}

}  // namespace
}  // namespace guide::lifecycle
