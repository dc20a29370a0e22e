// A task that reads and others that send, over one connection: how each ends, and how both do.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/frame/framed.hpp"
#include "weir/task/when_all.hpp"

#include "frame/wire.hpp"
#include "net/stage.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using net::connection;
using net::stage;

class framed_halves_test : public net::stage_test {};

INSTANTIATE_TEST_SUITE_P(on, framed_halves_test, testing::ValuesIn(net::stage_names()),
                         io::name_of);

// Until there is no more: how many, and why.
class heard {
public:
    std::size_t frames = 0;
    errc why{};
};

task<heard> hear(framed::reader from) {
    heard all;
    for (;;) {
        const auto frame = co_await from.next();
        if (!frame) {
            all.why = frame.error().code();
            co_return all;
        }
        ++all.frames;
    }
}

task<> hear_into(heard* all, framed::reader from) { *all = co_await hear(std::move(from)); }

task<errc> say(framed::writer to, std::string text, int times) {
    for (int i = 0; i < times; ++i) {
        const auto sent = co_await to.send(as_bytes(text));
        if (!sent) co_return sent.error().code();
    }
    const auto flushed = co_await to.flush();
    co_return flushed ? errc{} : flushed.error().code();
}

// Longer than a kernel holds, so that it waits for the peer to read.
task<errc> say_without_end(framed::writer to) {
    const std::string text = io::pattern(4000);
    for (;;) {
        const auto sent = co_await to.send(as_bytes(text));
        if (!sent) co_return sent.error().code();
    }
}

task<result<>> both_ways(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    connection there{std::move(far), on.loop(), on.options};
    framed frames{here};
    framed peer{there};
    auto [reader, writer] = frames.split();
    auto [other_reader, other_writer] = peer.split();
    const auto saying = [](framed::writer to) -> task<errc> {
        const errc outcome = co_await say(to, io::pattern(3000), 500);
        co_await to.close();
        co_return outcome;
    };
    auto [said, got, other_said, other_got] =
        co_await when_all(saying(writer), hear(std::move(reader)),
                          say(other_writer, io::pattern(3000), 500), hear(std::move(other_reader)));
    EXPECT_EQ(said, errc{});
    EXPECT_EQ(got.why, errc::closed);
    EXPECT_EQ(other_got.frames, 500U);
    EXPECT_EQ(other_got.why, errc::end_of_stream);
    (void)other_said;
    co_return {};
}

TEST_P(framed_halves_test, read_and_send_side_by_side) { run(both_ways(*stage_)); }

template <class Writer>
task<result<>> write_all(Writer to, std::vector<std::string> frames) {
    for (const std::string& each : frames) co_await or_return(to.write(as_bytes(each)));
    co_return co_await to.flush();
}

// The first is kept while the others are read, piece by piece.
template <class Reader>
task<result<std::vector<std::string>>> take_pieces(Reader from, std::size_t count) {
    std::vector<std::string> all;
    const frame_view first = co_await or_return(from.next());
    const net::pin kept = from.keep();
    while (all.size() + 1 < count) {
        const std::size_t size = co_await or_return(from.next_size());
        std::string& frame = all.emplace_back();
        do {
            const frame_view piece = co_await or_return(from.next_piece());
            frame += piece.text();
            EXPECT_EQ(from.left(), size - frame.size());
        } while (from.left() > 0);
    }
    all.emplace(all.begin(), first.text());
    co_return all;
}

template <class Framed>
task<result<>> written_and_taken_in_pieces(stage& on, std::vector<std::string> payloads) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    connection there{std::move(far), on.loop(), on.options};
    Framed frames{here};
    Framed peer{there};
    auto [reader, writer] = frames.split();
    auto [other_reader, other_writer] = peer.split();
    auto [said, got] = co_await when_all(write_all(other_writer, payloads),
                                         take_pieces(std::move(reader), payloads.size()));
    EXPECT_TRUE(said && got);
    EXPECT_TRUE(got && *got == payloads);
    auto [said_back, got_back] = co_await when_all(
        write_all(writer, payloads), take_pieces(std::move(other_reader), payloads.size()));
    EXPECT_TRUE(said_back && got_back);
    EXPECT_TRUE(got_back && *got_back == payloads);
    co_return {};
}

TEST_P(framed_halves_test, write_and_take_in_pieces) {
    const std::vector<std::string> payloads{"the one that is kept", io::pattern(50'000), "",
                                            "the last one"};
    run(written_and_taken_in_pieces<framed>(*stage_, payloads));
    run(written_and_taken_in_pieces<basic_framed<varint_codec>>(*stage_, payloads));
}

task<result<>> closed_halves(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    auto [reader, writer] = frames.split();
    const auto closing = [](framed::writer to) -> task<result<>> {
        co_await or_return(to.send(as_bytes("the last one")));
        co_await sleep(1ms);
        co_await to.close();
        co_return {};
    };
    const auto peer = [](io::transport& to) -> task<result<std::string>> {
        auto text = co_await io::receive_up_to(to, 1000);
        to.shutdown();
        co_return text;
    };
    auto [ended, got, seen] =
        co_await when_all(closing(writer), hear(std::move(reader)), peer(*far));
    EXPECT_TRUE(ended.has_value());
    EXPECT_EQ(got.why, errc::closed);
    EXPECT_EQ(seen.value_or(""), wire("the last one"));
    EXPECT_EQ(here.phase(), net::lifecycle::state::closed);
    const auto next = co_await frames.next();
    EXPECT_EQ(next.error(), errc::closed);
    const auto sent = co_await frames.send(as_bytes("too late"));
    EXPECT_EQ(sent.error(), errc::closed);
    co_await frames.close();
    co_return {};
}

TEST_P(framed_halves_test, are_closed_by_one_while_the_other_reads) { run(closed_halves(*stage_)); }

task<result<>> closed_inside_a_frame(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, prefix(100) + "begun"));
    co_await or_return(frames.next_piece());
    auto [reader, writer] = frames.split();
    const auto closing = [](framed::writer to, io::transport& peer) -> task<result<>> {
        peer.shutdown();
        co_await to.close();
        co_return {};
    };
    auto [ended, got] = co_await when_all(closing(writer, *far), hear(std::move(reader)));
    EXPECT_TRUE(ended.has_value());
    EXPECT_TRUE(got.why == errc::closed || got.why == errc::malformed) << to_string(got.why);
    EXPECT_EQ(here.phase(), net::lifecycle::state::closed);
    co_return {};
}

TEST_P(framed_halves_test, are_closed_inside_a_frame) { run(closed_inside_a_frame(*stage_)); }

task<result<>> aborted_halves(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    auto [reader, writer] = frames.split();
    const auto aborting = [](connection& at) -> task<result<>> {
        co_await sleep(20ms);
        at.abort();
        co_return {};
    };
    auto [done, got, said] =
        co_await when_all(aborting(here), hear(std::move(reader)), say_without_end(writer));
    EXPECT_TRUE(done.has_value());
    EXPECT_EQ(got.why, errc::closed);
    EXPECT_EQ(said, errc::closed);
    co_return {};
}

TEST_P(framed_halves_test, both_end_when_the_connection_is_aborted) {
    run(aborted_halves(*stage_));
}

task<result<>> reset_halves(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    auto [reader, writer] = frames.split();
    const auto resetting = [](std::unique_ptr<io::transport> peer) -> task<result<>> {
        co_await sleep(20ms);
        peer->abort();
        co_return {};
    };
    auto [done, got, said] = co_await when_all(resetting(std::move(far)), hear(std::move(reader)),
                                               say_without_end(writer));
    EXPECT_TRUE(done.has_value());
    EXPECT_EQ(got.why, errc::reset);
    EXPECT_EQ(said, errc::reset);
    co_return {};
}

TEST_P(framed_halves_test, both_end_when_the_peer_resets) { run(reset_halves(*stage_)); }

task<result<>> stopped_halves(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    auto [reader, writer] = frames.split();
    // The writer, while the reader waits.
    task_scope reading{on.loop().env(), [](const error&) {}};
    heard all;
    reading.spawn(hear_into(&all, std::move(reader)));
    const auto saying = [](framed::writer to) -> task<result<errc>> {
        co_return co_await say_without_end(to);
    };
    const auto stopped_writer = co_await with_timeout(50ms, saying(writer));
    EXPECT_EQ(stopped_writer.value_or(errc{}), errc::timed_out);
    EXPECT_EQ(here.broken(), errc{}) << "a small frame is sent or it is not";
    EXPECT_EQ(reading.size(), 1U);
    // The reader; what the writer sends afterwards still goes out.
    reading.request_stop();
    co_await reading.join();
    EXPECT_EQ(all.why, errc::canceled);
    const auto draining = [](io::transport& from, const connection& at) -> task<result<>> {
        do (void)co_await or_return(io::receive_text(from, 1));
        while (at.unsent() > 0);
        co_return {};
    };
    auto [drained, said] = co_await when_all(draining(*far, here), say(writer, "more", 1));
    EXPECT_TRUE(drained.has_value());
    EXPECT_EQ(said, errc{});
    co_return {};
}

TEST_P(framed_halves_test, are_stopped_one_by_one) { run(stopped_halves(*stage_)); }

task<> hear_for_nothing(framed::reader from) {
    (void)co_await hear(std::move(from));
    ADD_FAILURE() << "it was to be destroyed";
}

task<> say_for_nothing(framed::writer to) {
    (void)co_await say_without_end(to);
    ADD_FAILURE() << "it was to be destroyed";
}

task<result<>> destroyed_halves(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    {
        auto [reader, writer] = frames.split();
        task_scope scope{on.loop().env(), [](const error&) {}};
        scope.spawn(hear_for_nothing(std::move(reader)));
        scope.spawn(say_for_nothing(writer));
        co_await or_return(sleep(50ms));
        EXPECT_EQ(scope.size(), 2U);
    }
    EXPECT_EQ(here.broken(), errc{});
    co_await or_return(io::send_text(*far, wire("hello")));
    const frame_view frame = co_await or_return(frames.next());
    EXPECT_EQ(frame.text(), "hello");
    co_return {};
}

TEST_P(framed_halves_test, survive_tasks_that_are_destroyed_while_they_wait) {
    run(destroyed_halves(*stage_));
}

task<> say_large_for_nothing(framed::writer to, const std::string* text) {
    (void)co_await to.send(as_bytes(*text));
    ADD_FAILURE() << "it was to be destroyed";
}

task<result<>> destroyed_amid_a_large_frame(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    codec_options protocol;
    protocol.max_frame_length = io::flood;
    framed frames{here, protocol};
    {
        const std::string text = io::pattern(io::flood);
        task_scope scope{on.loop().env(), [](const error&) {}};
        scope.spawn(say_large_for_nothing(frames.split().second, &text));
        co_await or_return(sleep(20ms));
        EXPECT_EQ(scope.size(), 1U);
    }
    EXPECT_EQ(here.broken(), errc::canceled) << "the bytes that were lent are gone";
    const auto next = co_await frames.next();
    EXPECT_EQ(next.error(), errc::canceled);
    co_return {};
}

TEST_P(framed_halves_test, break_the_connection_where_a_large_frame_was_begun) {
    run(destroyed_amid_a_large_frame(*stage_));
}

task<> close_for_nothing(framed::writer to) {
    co_await to.close();
    ADD_FAILURE() << "it was to be destroyed";
}

task<result<>> closing_destroyed(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    auto [reader, writer] = frames.split();
    task_scope scope{on.loop().env(), [](const error&) {}};
    heard all;
    {
        task_scope closing{on.loop().env(), [](const error&) {}};
        scope.spawn(hear_into(&all, std::move(reader)));
        co_await or_return(sleep(1ms));
        closing.spawn(close_for_nothing(writer));
        // The peer says nothing, so that it lingers.
        co_await or_return(sleep(10ms));
        EXPECT_EQ(closing.size(), 1U);
    }
    EXPECT_EQ(all.why, errc::closed);
    const auto next = co_await frames.next();
    EXPECT_EQ(next.error(), errc::closed);
    co_return {};
}

TEST_P(framed_halves_test, survive_a_close_that_is_destroyed_while_it_waits) {
    run(closing_destroyed(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::frame
