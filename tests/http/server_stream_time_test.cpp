// Bodies that are written while they are sent, over a clock that moves only when nothing else can
// happen.
#include <array>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

#include "http/streamed.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_stream_time_test : public stream_house_test {};

INSTANTIATE_TEST_SUITE_P(over, server_stream_time_test, testing::Values("sim", "sim_far", "memory"),
                         io::name_of);

task<result<>> writes_slowly(body_writer& out, duration pause, int pieces, errc& ended) {
    for (int i = 0; i < pieces; ++i) {
        co_await or_return(out.write("piece "));
        const auto slept = co_await sleep(pause);
        if (!slept) {
            ended = slept.error().code();
            co_return fail(ended);
        }
    }
    co_return {};
}

server slow_server(duration deadline, duration pause, errc& ended) {
    server_options options;
    options.request_timeout = deadline;
    return serve(
        [pause, &ended](request&) {
            response answer;
            answer.stream(
                [pause, &ended](body_writer& out) { return writes_slowly(out, pause, 6, ended); });
            return answer;
        },
        options);
}

TEST_P(server_stream_time_test, gives_each_piece_the_time_that_a_handler_has) {
    errc ended{};
    const auto got = chunked_reply_in(house_->ask(slow_server(1s, 900ms, ended), get("/")));
    EXPECT_EQ(got.chunks, 6);
    EXPECT_EQ(ended, errc{});
}

TEST_P(server_stream_time_test, stops_a_writer_that_takes_longer_for_one) {
    errc ended{};
    const std::string got = whatever_comes(slow_server(1s, 1100ms, ended), get("/"));
    EXPECT_TRUE(got.ends_with("\r\n\r\n6\r\npiece \r\n")) << got;
    EXPECT_EQ(ended, errc::timed_out);
}

task<result<>> ceases(io::transport& near, std::string& got) {
    co_await or_return(
        send(near, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\nnot all of it"));
    while (!got.contains("\r\n\r\n")) {
        const auto more = co_await or_return(io::receive_chunk{near});
        got += more.text();
    }
    near.shutdown();
    got += co_await or_return(receive_rest(near));
    co_return {};
}

// RFC 9112 section 9.5: a client that is refused amid its body ceases to send it, and reads on.
TEST_P(server_stream_time_test, answers_a_peer_that_ceases_to_send_what_nobody_wants) {
    errc ended{};
    std::string answer;
    house_->converse(slow_server(1s, 900ms, ended),
                     [&](io::transport& near) { return ceases(near, answer); });
    const auto got = chunked_reply_in(answer);
    EXPECT_EQ(got.chunks, 6);
    EXPECT_EQ(ended, errc{});
}

task<result<>> ignores_sleep(body_writer& out, errc& ended) {
    for (int i = 0; i < 20; ++i) {
        (void)co_await sleep(900ms);
        const auto done = co_await out.write("x");
        if (!done) {
            ended = done.error().code();
            co_return fail(ended);
        }
        (void)co_await sleep(200ms);
    }
    co_return {};
}

TEST_P(server_stream_time_test, takes_nothing_from_a_writer_that_was_stopped) {
    errc ended{};
    server_options options;
    options.request_timeout = 1s;
    const std::string got = whatever_comes(
        serve(
            [&ended](request&) {
                response answer;
                answer.stream([&ended](body_writer& out) { return ignores_sleep(out, ended); });
                return answer;
            },
            options),
        get("/"));
    EXPECT_TRUE(got.ends_with("\r\n\r\n1\r\nx\r\n")) << got;
    EXPECT_EQ(ended, errc::timed_out);
}

task<result<>> reads_slowly(io::transport& near, std::size_t& got) {
    co_await or_return(send(near, get("/")));
    std::array<std::byte, 2000> place;
    while (got < 30'000) {
        co_await or_return(sleep(100ms));
        got += co_await or_return(io::receive_into{near, place});
    }
    near.abort();
    co_return {};
}

// What the peer takes to read is not the writer's time, nor is it told to the peer's harm.
TEST_P(server_stream_time_test, does_not_count_the_time_that_its_peer_takes) {
    std::size_t written = 0;
    std::size_t got = 0;
    errc ended{};
    server_options options;
    options.request_timeout = 200ms;
    const server server = serve(
        [&](request&) {
            response answer;
            answer.stream([&](body_writer& out) {
                return writes_on(out, std::string(30'000, 'x'), written, ended);
            });
            return answer;
        },
        options);
    house_->converse(server, [&](io::transport& near) { return reads_slowly(near, got); });
    EXPECT_GE(got, 30'000U);
    EXPECT_NE(ended, errc::timed_out);
}

task<result<>> reads_nothing(io::transport& near) {
    co_await or_return(send(near, get("/")));
    co_await or_return(sleep(5s));
    co_return {};
}

TEST_P(server_stream_time_test, gives_up_a_peer_that_never_reads) {
    std::size_t written = 0;
    errc ended{};
    house_->connections.write_timeout = 1s;
    const server server = serve([&](request&) {
        response answer;
        answer.stream([&](body_writer& out) {
            return writes_on(out, std::string(5000, 'x'), written, ended);
        });
        return answer;
    });
    house_->converse(server, [](io::transport& near) { return reads_nothing(near); });
    EXPECT_EQ(ended, errc::timed_out);
}

}  // namespace
}  // namespace weir::inline v0::http
