// How frames leave: together, whole, bounded, and without the heap.
#include <gtest/gtest.h>

#include "weir/frame/framed.hpp"
#include "weir/task/when_all.hpp"

#include "frame/echo.hpp"
#include "frame/wire.hpp"
#include "net/counting_transport.hpp"
#include "net/stage.hpp"
#include "support/allocations.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using net::connection;
using net::stage;

class framed_send_test : public net::stage_test {};

INSTANTIATE_TEST_SUITE_P(on, framed_send_test, testing::ValuesIn(net::stage_names()), io::name_of);

task<result<>> one_flush(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    auto counting = std::make_unique<net::counting_transport>(std::move(near));
    const net::counting_transport& asked = *counting;
    connection here{std::move(counting), on.loop(), on.options};
    framed frames{here};
    std::string batch;
    for (int i = 0; i < 100; ++i) batch += wire("message " + std::to_string(i));
    co_await or_return(io::send_text(*far, batch));
    co_await or_return(net::fill_up_to(here, batch.size()));
    task_scope serving{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    serving.spawn(echo(frames));
    EXPECT_TRUE((co_await io::receive_text(*far, batch.size())).value_or("") == batch);
    EXPECT_EQ(asked.sends, 1);
    co_return {};
}

TEST_P(framed_send_test, answers_a_batch_of_pipelined_frames_in_one_operation) {
    run(one_flush(*stage_));
}

task<result<>> later(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    auto counting = std::make_unique<net::counting_transport>(std::move(near));
    const net::counting_transport& asked = *counting;
    connection here{std::move(counting), on.loop(), on.options};
    framed frames{here};
    // Nobody waits in next().
    co_await or_return(frames.send(as_bytes("one")));
    co_await or_return(frames.send(as_bytes("two")));
    EXPECT_EQ(asked.sends, 0);
    EXPECT_EQ((co_await io::receive_text(*far, 14)).value_or(""), wire("one") + wire("two"));
    EXPECT_EQ(asked.sends, 1);
    co_return {};
}

TEST_P(framed_send_test, sends_what_one_turn_has_written_at_its_end) { run(later(*stage_)); }

task<result<>> beside_a_reader(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    task_scope serving{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    serving.spawn(echo(frames));
    co_await sleep(1ms);
    std::string expected;
    for (int i = 0; i < 5; ++i) {
        const std::string text = "tick " + std::to_string(i);
        co_await or_return(frames.send(as_bytes(text)));
        EXPECT_EQ((co_await io::receive_text(*far, 10)).value_or(""), wire(text));
    }
    co_return {};
}

TEST_P(framed_send_test, sends_from_other_tasks_while_the_reader_waits) {
    run(beside_a_reader(*stage_));
}

task<result<>> send_numbered(framed& to, char name, std::size_t size) {
    for (int i = 0; i < 50; ++i) {
        const std::string text(size, name);
        co_await or_return(to.send(as_bytes(text)));
    }
    co_return {};
}

task<result<>> several_senders(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    connection there{std::move(far), on.loop(), on.options};
    framed frames{here};
    framed peer{there};
    task_scope sending{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    const std::size_t sizes[] = {10, 500, 4096, 4097, 20'000, 100'000};
    for (std::size_t i = 0; i < 6; ++i) {
        sending.spawn(send_numbered(frames, static_cast<char>('a' + i), sizes[i]));
    }
    std::size_t seen[6] = {};
    for (int i = 0; i < 300; ++i) {
        const frame_view frame = co_await or_return(peer.next());
        const auto at = static_cast<std::size_t>(frame.text().front() - 'a');
        EXPECT_EQ(frame.size(), sizes[at]);
        EXPECT_EQ(frame.text().find_first_not_of(frame.text().front()), std::string_view::npos);
        ++seen[at];
    }
    for (const std::size_t each : seen) EXPECT_EQ(each, 50U);
    co_await sending.join();
    co_return {};
}

TEST_P(framed_send_test, sends_each_frame_whole_whoever_else_sends) {
    run(several_senders(*stage_));
}

task<result<>> slow_reader(stage& on, framed_options how) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here, codec_options{}, how};
    std::size_t most = 0;
    const auto serving = [](framed& through, connection& at, std::size_t& peak) -> task<result<>> {
        while (auto frame = co_await through.next()) {
            co_await or_return(through.send(*frame));
            peak = std::max(peak, at.unsent());
        }
        co_return {};
    };
    task_scope server{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    server.spawn(serving(frames, here, most));
    std::string bytes;
    while (bytes.size() < io::flood) bytes += wire(io::pattern(1000));
    std::vector<io::piece> pieces{io::piece{bytes.data(), bytes.size()}};
    const auto cut_off = co_await with_timeout(300ms, io::send_pieces{*far, pieces});
    EXPECT_EQ(cut_off.error(), errc::timed_out) << "nobody reads, and yet all of it was taken";
    EXPECT_LE(most, how.high_water + 1004);
    const std::size_t left = pieces.front().size;
    auto [sent, got] = co_await when_all(io::send_text(*far, bytes.substr(bytes.size() - left)),
                                         io::receive_text(*far, bytes.size()));
    EXPECT_TRUE(sent.has_value());
    EXPECT_TRUE(got.value_or("") == bytes);
    EXPECT_LE(most, how.high_water + 1004);
    co_return {};
}

TEST_P(framed_send_test, slows_down_a_peer_that_does_not_read) {
    EXPECT_EQ(framed_options{}.high_water, 64U * 1024);
    run(slow_reader(*stage_, {}));
    framed_options little;
    little.high_water = 5000;
    run(slow_reader(*stage_, little));
}

task<result<>> written(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    auto counting = std::make_unique<net::counting_transport>(std::move(near));
    const net::counting_transport& asked = *counting;
    connection here{std::move(counting), on.loop(), on.options};
    framed frames{here};
    std::string expected;
    for (unsigned i = 0; i < 4; ++i) {
        const std::string text = io::pattern(i * 2000, i);
        EXPECT_TRUE(frames.write(as_bytes(text)).has_value());
        expected += wire(text);
    }
    co_await sleep(2ms);
    EXPECT_EQ(asked.sends, 0);
    co_await or_return(frames.flush());
    EXPECT_EQ(asked.sends, 1);
    EXPECT_TRUE((co_await io::receive_text(*far, expected.size())).value_or("") == expected);
    co_return {};
}

TEST_P(framed_send_test, writes_without_sending_until_it_is_flushed) { run(written(*stage_)); }

task<result<>> refused(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    codec_options protocol;
    protocol.max_frame_length = 5000;
    framed frames{here, protocol};
    const std::string text = io::pattern(5001);
    EXPECT_EQ(frames.write(as_bytes(text)).error(), errc::too_large);
    const auto sent = co_await frames.send(as_bytes(text));
    EXPECT_EQ(sent.error(), errc::too_large);
    EXPECT_EQ(here.unsent(), 0U);
    const auto most = as_bytes(text).first(4000);
    EXPECT_TRUE(frames.write(most).has_value());
    EXPECT_EQ(frames.write(most).error(), errc::overloaded);
    EXPECT_EQ(here.unsent(), 4004U);
    // send() waits for room instead.
    co_await or_return(frames.send(most));
    EXPECT_TRUE((co_await io::receive_text(*far, 8008)).value_or("") ==
                wire(as_text(most)) + wire(as_text(most)));
    // What never fits is no matter of waiting; what is lent takes no room.
    EXPECT_EQ(frames.write(as_bytes(text).first(5000)).error(), errc::overloaded);
    co_await or_return(frames.send(as_bytes(text).first(5000)));
    EXPECT_TRUE((co_await io::receive_text(*far, 5004)).value_or("") == wire(text.substr(0, 5000)));
    co_return {};
}

TEST_P(framed_send_test, refuses_whole_frames_and_never_parts_of_them) {
    stage_->options.output_limit = 5000;
    run(refused(*stage_));
}

task<result<>> stopped_send(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    const auto nothing = co_await with_timeout(0ms, frames.send(as_bytes("never")));
    EXPECT_EQ(nothing.error(), errc::timed_out);
    EXPECT_EQ(here.unsent(), 0U);
    // Copies fill all there is; then a small frame has to wait, and is stopped.
    const std::string text = io::pattern(4000);
    std::size_t sent = 0;
    for (;;) {
        const auto outcome = co_await with_timeout(100ms, frames.send(as_bytes(text)));
        if (!outcome) break;
        ++sent;
    }
    EXPECT_EQ(here.broken(), errc{});
    const std::size_t size = sent * (text.size() + 4);
    const auto got = co_await io::receive_text(*far, size);
    EXPECT_EQ(got.value_or("").size(), size);
    co_await or_return(frames.send(as_bytes("end")));
    EXPECT_EQ((co_await io::receive_text(*far, 7)).value_or(""), wire("end"))
        << "of the frame that was stopped nothing was sent";
    // A large one that was begun cannot be taken back.
    codec_options protocol;
    protocol.max_frame_length = io::flood;
    framed wide{here, protocol};
    const std::string lent = io::pattern(io::flood);
    const auto begun = co_await with_timeout(20ms, wide.send(as_bytes(lent)));
    EXPECT_EQ(begun.error(), errc::timed_out);
    EXPECT_EQ(here.broken(), errc::timed_out);
    const auto after_that = co_await frames.send(as_bytes("x"));
    EXPECT_EQ(after_that.error(), errc::timed_out);
    const auto next = co_await frames.next();
    EXPECT_EQ(next.error(), errc::timed_out);
    co_return {};
}

TEST_P(framed_send_test, sends_a_small_frame_or_does_not_when_it_is_stopped) {
    run(stopped_send(*stage_));
}

// Asks and waits, so often.
task<result<>> ask(framed& through, bytes_view question, int times) {
    for (int i = 0; i < times; ++i) {
        co_await or_return(through.send(question));
        const frame_view answer = co_await or_return(through.next());
        if (answer.size() != question.size()) co_return fail(errc::malformed);
    }
    co_return {};
}

task<result<>> steady(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    connection there{std::move(far), on.loop(), on.options};
    framed frames{here};
    framed peer{there};
    task_scope serving{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    serving.spawn(echo(frames));
    const std::string text(64, 'x');
    co_await or_return(ask(peer, as_bytes(text), 100));
    const auto before = heap::requests();
    co_await or_return(ask(peer, as_bytes(text), 1000));
    EXPECT_EQ(heap::requests(), before) << "for 1000 frames echoed";
    co_return {};
}

class framed_steady_test : public net::stage_test {};

// A simulated network keeps its bytes on the heap.
INSTANTIATE_TEST_SUITE_P(on, framed_steady_test, testing::Values("uring", "epoll"), io::name_of);

TEST_P(framed_steady_test, asks_nothing_of_the_heap_for_a_frame_echoed) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has a heap of its own";
    run(steady(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::frame
