// BEHAVIOUR.md "Frames", over a connection: how they arrive, whole, split, pipelined, broken off,
// too long.
#include "weir/frame/framed.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "weir/task/when_all.hpp"

#include "frame/echo.hpp"
#include "frame/sent_split.hpp"
#include "frame/wire.hpp"
#include "net/stage.hpp"
#include "support/allocations.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using net::connection;
using net::stage;

class framed_test : public net::stage_test {};

INSTANTIATE_TEST_SUITE_P(on, framed_test, testing::ValuesIn(net::stage_names()), io::name_of);

task<errc> next_error(framed& frames) {
    const auto frame = co_await frames.next();
    co_return frame ? errc{} : frame.error().code();
}

task<result<>> delivers(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, wire("hello") + wire("") + wire("you")));
    for (const std::string_view expected : {"hello", "", "you"}) {
        const frame_view frame = co_await or_return(frames.next());
        EXPECT_EQ(frame.text(), expected);
        EXPECT_EQ(frame.size(), expected.size());
        EXPECT_EQ(frame.empty(), expected.empty());
    }
    EXPECT_EQ(here.input().size(), 7U) << "the last frame is consumed by the next next()";
    co_return {};
}

// "Length 0 is delivered".
TEST_P(framed_test, delivers_what_was_sent_empty_frames_included) { run(delivers(*stage_)); }

task<result<>> in_place(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, wire("one") + wire("two") + wire("three")));
    co_await or_return(net::fill_up_to(here, 7 + 7 + 9));
    const std::byte* const received = here.input().data();
    std::size_t at = 0;
    for (const std::string_view expected : {"one", "two", "three"}) {
        auto waiting = frames.next().await_with(on.loop().env());
        EXPECT_TRUE(waiting.await_ready()) << "what has arrived needs no wait";
        const auto frame = waiting.await_resume();
        EXPECT_EQ(frame->text(), expected);
        EXPECT_EQ(frame->bytes().data(), received + at + 4);
        at += 4 + expected.size();
    }
    co_return {};
}

TEST_P(framed_test, hands_out_what_arrived_together_in_place_and_without_waiting) {
    run(in_place(*stage_));
}

task<result<>> every_split(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    const std::vector<std::string> expected{"", "hello", io::pattern(40)};
    std::string bytes;
    for (const auto& each : expected) bytes += wire(each);
    for (std::size_t split = 0; split < bytes.size(); ++split) {
        auto [sent, got] =
            co_await when_all(send_split(*far, here, bytes, split), take(frames, expected.size()));
        EXPECT_TRUE(sent.has_value());
        EXPECT_TRUE(got.has_value() && *got == expected) << "split at " << split;
    }
    co_return {};
}

// "Every split of the same bytes gives the same frames".
TEST_P(framed_test, delivers_the_same_frames_however_the_bytes_are_split) {
    run(every_split(*stage_));
}

task<result<>> a_mebibyte(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    connection there{std::move(far), on.loop(), on.options};
    framed frames{here};
    framed peer{there};
    const std::string payload = io::pattern(std::size_t{1} << 20U);
    const auto asking = [](framed& through, std::string_view text) -> task<result<>> {
        for (int i = 0; i < 3; ++i) {
            co_await or_return(through.send(as_bytes(text)));
            const frame_view answer = co_await or_return(through.next());
            EXPECT_TRUE(answer.text() == text);
        }
        co_return {};
    };
    task_scope serving{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    serving.spawn(echo(frames));
    co_await or_return(asking(peer, payload));
    co_return {};
}

TEST_P(framed_test, carries_a_frame_of_a_mebibyte_there_and_back) {
    make(1024);  // both ends assemble it on this loop, which takes up to 3 MiB each
    if (stage_) run(a_mebibyte(*stage_));
}

task<result<>> ends_with(stage& on, std::string bytes, errc expected) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, wire("whole") + bytes));
    far->shutdown();
    const frame_view frame = co_await or_return(frames.next());
    EXPECT_EQ(frame.text(), "whole");
    EXPECT_EQ(co_await next_error(frames), expected);
    EXPECT_EQ(co_await next_error(frames), expected) << "a second time";
    co_return {};
}

TEST_P(framed_test, ends_cleanly_between_two_frames) {
    run(ends_with(*stage_, "", errc::end_of_stream));
}

// "End of stream inside a prefix or a payload is an error and delivers nothing".
TEST_P(framed_test, is_malformed_where_the_stream_ends_inside_a_prefix) {
    for (std::size_t size = 1; size < 4; ++size) {
        run(ends_with(*stage_, prefix(5).substr(0, size), errc::malformed));
    }
}

TEST_P(framed_test, is_malformed_where_the_stream_ends_inside_a_payload) {
    run(ends_with(*stage_, prefix(5), errc::malformed));
    run(ends_with(*stage_, prefix(5) + "hell", errc::malformed));
}

// "A length over the maximum, 0xFFFFFFFF included, closes before any allocation".
TEST_P(framed_test, refuses_a_frame_that_is_too_long) {
    run(ends_with(*stage_, prefix(8 * 1024 * 1024 + 1), errc::too_large));
    run(ends_with(*stage_, prefix(0xFFFFFFFF), errc::too_large));
}

task<result<>> no_allocation(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, prefix(0xFFFFFFFF)));
    co_await or_return(net::fill_up_to(here, 4));
    const auto before = heap::requests();
    auto refused = frames.next().await_with(on.loop().env());
    EXPECT_TRUE(refused.await_ready());
    EXPECT_EQ(refused.await_resume().error(), errc::too_large);
    EXPECT_EQ(heap::requests(), before);
    co_return {};
}

TEST_P(framed_test, refuses_it_before_anything_is_allocated) { run(no_allocation(*stage_)); }

task<result<>> announced_and_not_sent(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, prefix(8 * 1024 * 1024)));
    const auto nothing = co_await with_timeout(20ms, frames.next());
    EXPECT_EQ(nothing.error(), errc::timed_out);
    EXPECT_EQ(on.loop().assemblies().used(), 0U);
    const std::size_t arrived = std::size_t{100} * 1024;
    const auto sending = [](io::transport& to, std::size_t size) -> task<result<>> {
        co_return co_await io::send_text(to, std::string(size, 'x'));
    };
    const auto waiting = [](framed& from) -> task<errc> {
        const auto frame = co_await with_timeout(200ms, from.next());
        co_return frame ? errc{} : frame.error().code();
    };
    auto [sent, outcome] = co_await when_all(sending(*far, arrived), waiting(frames));
    EXPECT_TRUE(sent.has_value());
    EXPECT_EQ(outcome, errc::timed_out);
    EXPECT_EQ(here.input().size(), 4 + arrived);
    EXPECT_LE(on.loop().assemblies().used(), 3 * arrived);
    co_return {};
}

// "Memory grows with bytes that arrived, never with bytes announced".
TEST_P(framed_test, grows_its_memory_with_bytes_that_arrived_and_not_with_bytes_announced) {
    run(announced_and_not_sent(*stage_));
}

task<result<>> stopped_next(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    const std::string bytes = wire("hello") + wire("again");
    co_await or_return(io::send_text(*far, bytes.substr(0, 6)));
    co_await or_return(net::fill_up_to(here, 6));
    const auto nothing = co_await with_timeout(20ms, frames.next());
    EXPECT_EQ(nothing.error(), errc::timed_out);
    co_await or_return(io::send_text(*far, bytes.substr(6)));
    const frame_view frame = co_await or_return(frames.next());
    EXPECT_EQ(frame.text(), "hello");
    co_await or_return(net::fill_up_to(here, bytes.size()));
    const auto at_once = co_await with_timeout(0ms, frames.next());
    EXPECT_EQ(at_once.error(), errc::timed_out) << "a stop counts also where a frame is there";
    EXPECT_EQ(frame.text(), "hello") << "and leaves the last one where it is";
    const frame_view other = co_await or_return(frames.next());
    EXPECT_EQ(other.text(), "again");
    co_return {};
}

TEST_P(framed_test, loses_nothing_when_it_is_stopped_while_it_waits) { run(stopped_next(*stage_)); }

task<> next_for_nothing(framed& frames) {
    (void)co_await frames.next();
    ADD_FAILURE() << "it was to be destroyed";
}

task<result<>> destroyed(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    {
        task_scope scope{on.loop().env(), [](const error&) {}};
        scope.spawn(next_for_nothing(frames));
        // The first receive is over, so the second one is what is taken back.
        co_await or_return(io::send_text(*far, prefix(5)));
        while (here.received_bytes() < 4) co_await sleep(1ms);
        EXPECT_EQ(scope.size(), 1U);
    }
    co_await or_return(io::send_text(*far, "hello"));
    const frame_view frame = co_await or_return(frames.next());
    EXPECT_EQ(frame.text(), "hello");
    co_return {};
}

TEST_P(framed_test, survives_a_task_that_is_destroyed_while_it_waits) { run(destroyed(*stage_)); }

task<result<>> too_slow(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed_options options;
    options.frame_timeout = 90ms;
    framed frames{here, codec_options{}, options};
    const auto dripping = [](io::transport& to) -> task<result<>> {
        co_await sleep(200ms);  // between two frames there is time
        for (const char each : wire("a long one")) {
            co_await or_return(io::send_text(to, std::string(1, each)));
            co_await sleep(20ms);
        }
        co_return {};
    };
    auto [sent, got] = co_await when_all(dripping(*far), next_error(frames));
    EXPECT_EQ(got, errc::timed_out);
    EXPECT_LE(here.input().size(), 6U);
    co_return {};
}

TEST_P(framed_test, gives_a_frame_a_deadline_that_a_byte_does_not_extend) {
    run(too_slow(*stage_));
}

task<result<>> kept(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    const auto sending = [](io::transport& to) -> task<result<>> {
        for (unsigned i = 0; i < 50; ++i) {
            const std::string bytes = wire(io::pattern(3000, i));
            co_await or_return(io::send_text(to, bytes));
        }
        co_return {};
    };
    const auto keeping = [](framed& from) -> task<result<>> {
        std::vector<std::pair<frame_view, net::pin>> all;
        for (unsigned i = 0; i < 50; ++i) {
            const frame_view frame = co_await or_return(from.next());
            if (i % 2 == 0) all.emplace_back(frame, from.keep());
        }
        for (unsigned i = 0; i < all.size(); ++i) {
            EXPECT_TRUE(all[i].first.text() == io::pattern(3000, 2 * i)) << i;
        }
        co_return {};
    };
    auto [sent, read] = co_await when_all(sending(*far), keeping(frames));
    EXPECT_TRUE(sent && read);
    co_return {};
}

TEST_P(framed_test, keeps_frames_for_work_that_goes_on_beside_it) { run(kept(*stage_)); }

}  // namespace
}  // namespace weir::inline v0::frame
