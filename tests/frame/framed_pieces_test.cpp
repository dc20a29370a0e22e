// BEHAVIOUR.md "Frames", for frames that are more than their reader wants to hold, taken in pieces.
#include <vector>

#include <gtest/gtest.h>

#include "weir/frame/framed.hpp"
#include "weir/task/when_all.hpp"

#include "frame/sent_split.hpp"
#include "frame/wire.hpp"
#include "net/stage.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using net::connection;
using net::stage;

class framed_pieces_test : public net::stage_test {};

INSTANTIATE_TEST_SUITE_P(on, framed_pieces_test, testing::ValuesIn(net::stage_names()),
                         io::name_of);

codec_options wide_protocol() {
    codec_options protocol;
    protocol.max_frame_length = std::size_t{1} << 30U;
    return protocol;
}

// All of the next frame, piece by piece.
task<result<std::string>> in_pieces(framed& from) {
    std::string all;
    do {
        const frame_view piece = co_await or_return(from.next_piece());
        all += piece.text();
    } while (from.left() > 0);
    co_return all;
}

task<errc> piece_error(framed& from) {
    const auto piece = co_await from.next_piece();
    co_return piece ? errc{} : piece.error().code();
}

// What the reader held of the loop's memory at most.
class held_memory {
public:
    explicit held_memory(stage& on) : on_{&on}, free_{on.loop().slabs().free()} {}
    void look(const connection& at) {
        input = std::max(input, at.input().size());
        slabs = std::max(slabs, free_ - std::min(free_, on_->loop().slabs().free()));
        assembled = std::max(assembled, on_->loop().assemblies().used());
    }

    std::size_t input = 0;
    std::size_t slabs = 0;
    std::size_t assembled = 0;

private:
    stage* on_;
    std::size_t free_;
};

task<result<>> large_frame(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here, wide_protocol()};
    const std::string payload = io::pattern(std::size_t{4} << 20U);
    const auto reading = [](framed& from, connection& at, stage& in,
                            std::string_view expected) -> task<result<>> {
        const std::size_t size = co_await or_return(from.next_size());
        EXPECT_EQ(size, expected.size());
        held_memory most{in};
        std::size_t taken = 0;
        do {
            const frame_view piece = co_await or_return(from.next_piece());
            EXPECT_FALSE(piece.empty());
            EXPECT_TRUE(piece.text() == expected.substr(taken, piece.size())) << taken;
            taken += piece.size();
            EXPECT_EQ(from.left(), expected.size() - taken);
            most.look(at);
        } while (from.left() > 0);
        EXPECT_LE(most.input, io::slab_room);
        EXPECT_LE(most.slabs, 2U);
        EXPECT_EQ(most.assembled, 0U);
        const frame_view next = co_await or_return(from.next());
        EXPECT_EQ(next.text(), "after it");
        co_return {};
    };
    auto [sent, read] = co_await when_all(io::send_text(*far, wire(payload) + wire("after it")),
                                          reading(frames, here, on, payload));
    EXPECT_TRUE(sent && read);
    co_return {};
}

// "Memory grows with bytes that arrived, never with bytes announced".
TEST_P(framed_pieces_test, takes_a_frame_of_any_size_and_holds_what_came_at_once) {
    stage_->options.input_limit = std::size_t{32} * 1024;  // next() could not take it
    run(large_frame(*stage_));
}

task<result<>> reader_that_stops(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here, wide_protocol()};
    const std::string bytes = wire(io::pattern(io::flood));
    std::vector<io::piece> pieces{io::piece{bytes.data(), bytes.size()}};
    const auto beginning = [](framed& from) -> task<result<>> {
        const frame_view first = co_await or_return(from.next_piece());
        EXPECT_FALSE(first.empty());
        co_return {};
    };
    const auto sending = [](io::transport& to, std::span<io::piece> all) -> task<result<>> {
        co_return co_await with_timeout(300ms, io::send_pieces{to, all});
    };
    auto [cut_off, begun] = co_await when_all(sending(*far, pieces), beginning(frames));
    EXPECT_TRUE(begun.has_value());
    EXPECT_EQ(cut_off.error(), errc::timed_out) << "nobody asked, and yet all of it was taken";
    EXPECT_LE(here.input().size(), io::slab_room);
    const std::size_t first = here.input().size();
    auto [sent, rest] = co_await when_all(
        io::send_text(*far, bytes.substr(bytes.size() - pieces.front().size)), in_pieces(frames));
    EXPECT_TRUE(sent.has_value());
    EXPECT_TRUE(rest.value_or("") == bytes.substr(4 + first));
    co_return {};
}

TEST_P(framed_pieces_test, receives_nothing_that_is_not_asked_for) {
    run(reader_that_stops(*stage_));
}

task<result<>> pieces_at_every_split(stage& on, codec_options protocol, std::string bytes,
                                     std::vector<std::string> expected) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here, protocol};
    const auto taking = [](framed& from,
                           std::size_t count) -> task<result<std::vector<std::string>>> {
        std::vector<std::string> all;
        while (all.size() < count) {
            auto one = co_await or_return(in_pieces(from));
            all.push_back(std::move(one));
        }
        co_return all;
    };
    for (std::size_t split = 0; split < bytes.size(); ++split) {
        auto [sent, got] = co_await when_all(send_split(*far, here, bytes, split),
                                             taking(frames, expected.size()));
        EXPECT_TRUE(sent.has_value());
        EXPECT_TRUE(got.has_value() && *got == expected) << "split at " << split;
    }
    co_return {};
}

// "Every split of the same bytes gives the same frames".
TEST_P(framed_pieces_test, gives_the_same_frames_however_the_bytes_are_split) {
    run(pieces_at_every_split(*stage_, {}, wire("hello") + wire("") + wire("you"),
                              {"hello", "", "you"}));
}

TEST_P(framed_pieces_test, knows_what_is_skipped_and_what_is_not) {
    codec_options skips;
    skips.length_field_length = 1;
    skips.num_skip = 4;
    run(pieces_at_every_split(*stage_, skips, "\5---hello\3---you", {"hello", "you"}));
    codec_options keeps;
    keeps.length_field_length = 1;
    keeps.num_skip = 0;
    keeps.length_adjustment = 1;
    run(pieces_at_every_split(*stage_, keeps, "\5hello\3you", {"\5hello", "\3you"}));
}

task<result<>> passed_over(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    const std::string bytes = wire(io::pattern(50'000)) + wire("one") + wire(io::pattern(50'000)) +
                              wire("three") + wire("four");
    const auto reading = [](framed& from) -> task<result<>> {
        (void)co_await or_return(from.next_piece());
        EXPECT_GT(from.left(), 0U);
        const frame_view one = co_await or_return(from.next());
        EXPECT_EQ(one.text(), "one");
        (void)co_await or_return(from.next_piece());
        EXPECT_GT(from.left(), 0U);
        EXPECT_EQ(co_await or_return(from.next_size()), 5U);
        EXPECT_EQ(co_await or_return(from.next_size()), 5U) << "it is still to be taken";
        const frame_view three = co_await or_return(from.next());
        EXPECT_EQ(three.text(), "three");
        const frame_view four = co_await or_return(from.next_piece());
        EXPECT_EQ(four.text(), "four");
        EXPECT_EQ(from.left(), 0U);
        co_return {};
    };
    auto [sent, read] = co_await when_all(io::send_text(*far, bytes), reading(frames));
    EXPECT_TRUE(sent && read);
    co_return {};
}

TEST_P(framed_pieces_test, passes_over_the_rest_where_another_frame_is_asked_for) {
    run(passed_over(*stage_));
}

task<result<>> pieces_end_with(stage& on, std::string bytes, errc expected) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, wire("whole") + bytes));
    far->shutdown();
    EXPECT_EQ((co_await in_pieces(frames)).value_or(""), "whole");
    errc outcome{};
    while (outcome == errc{}) outcome = co_await piece_error(frames);
    EXPECT_EQ(outcome, expected);
    EXPECT_EQ(co_await piece_error(frames), expected) << "a second time";
    const auto size = co_await frames.next_size();
    EXPECT_EQ(size.error(), expected);
    const auto next = co_await frames.next();
    EXPECT_EQ(next.error(), expected);
    co_return {};
}

// "End of stream inside a prefix or a payload is an error and delivers nothing".
TEST_P(framed_pieces_test, is_malformed_where_the_stream_ends_inside_a_frame) {
    run(pieces_end_with(*stage_, "", errc::end_of_stream));
    for (std::size_t size = 1; size < 4; ++size) {
        run(pieces_end_with(*stage_, prefix(5).substr(0, size), errc::malformed));
    }
    run(pieces_end_with(*stage_, prefix(5), errc::malformed));
    run(pieces_end_with(*stage_, prefix(5) + "hell", errc::malformed));
}

TEST_P(framed_pieces_test, refuses_a_frame_that_is_too_long) {
    run(pieces_end_with(*stage_, prefix(8 * 1024 * 1024 + 1), errc::too_large));
    run(pieces_end_with(*stage_, prefix(0xFFFFFFFF), errc::too_large));
}

task<result<>> reset_in_pieces(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, prefix(100) + "begun"));
    const frame_view piece = co_await or_return(frames.next_piece());
    EXPECT_EQ(piece.text().substr(0, 1), "b");
    const auto resetting = [](std::unique_ptr<io::transport> peer) -> task<result<>> {
        co_await sleep(1ms);
        peer->abort();
        co_return {};
    };
    const auto draining = [](framed& from) -> task<errc> {
        errc outcome{};
        while (outcome == errc{}) outcome = co_await piece_error(from);
        co_return outcome;
    };
    auto [gone, outcome] = co_await when_all(resetting(std::move(far)), draining(frames));
    EXPECT_TRUE(gone.has_value());
    EXPECT_EQ(outcome, errc::reset);
    co_return {};
}

TEST_P(framed_pieces_test, tells_of_a_reset_inside_a_frame) { run(reset_in_pieces(*stage_)); }

task<result<>> stopped_piece(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    const std::string bytes = wire("hello") + wire("again");
    std::size_t sent = 0;
    std::string got;
    // Stopped before the header, inside it, behind it and inside the payload.
    for (const unsigned next : {0U, 2U, 4U, 7U, 14U}) {
        co_await or_return(io::send_text(*far, bytes.substr(sent, next - sent)));
        sent = next;
        for (;;) {
            const auto piece = co_await with_timeout(20ms, frames.next_piece());
            if (!piece) {
                EXPECT_EQ(piece.error(), errc::timed_out);
                break;
            }
            got += piece->text();
        }
    }
    EXPECT_EQ(got, "helloa");
    const auto size = co_await with_timeout(20ms, frames.next_size());
    EXPECT_EQ(size.error(), errc::timed_out) << "it passes over the rest";
    co_await or_return(io::send_text(*far, bytes.substr(sent) + wire("last")));
    const frame_view last = co_await or_return(frames.next());
    EXPECT_EQ(last.text(), "last");
    co_return {};
}

TEST_P(framed_pieces_test, loses_nothing_when_it_is_stopped_while_it_waits) {
    run(stopped_piece(*stage_));
}

task<> piece_for_nothing(framed& frames) {
    (void)co_await frames.next_piece();
    ADD_FAILURE() << "it was to be destroyed";
}

task<> size_for_nothing(framed& frames) {
    (void)co_await frames.next_size();
    ADD_FAILURE() << "it was to be destroyed";
}

task<result<>> destroyed_piece(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    for (const unsigned arrived : {0U, 2U, 4U}) {
        const std::size_t before = here.received_bytes();
        {
            task_scope scope{on.loop().env(), [](const error&) {}};
            if (arrived < 4)
                scope.spawn(size_for_nothing(frames));
            else
                scope.spawn(piece_for_nothing(frames));
            co_await or_return(io::send_text(*far, prefix(5).substr(0, arrived)));
            do co_await sleep(1ms);
            while (here.received_bytes() < before + arrived);
            EXPECT_EQ(scope.size(), 1U);
        }
        co_await or_return(io::send_text(*far, prefix(5).substr(arrived) + "hello"));
        EXPECT_EQ((co_await in_pieces(frames)).value_or(""), "hello") << arrived;
    }
    co_return {};
}

TEST_P(framed_pieces_test, survives_a_task_that_is_destroyed_while_it_waits) {
    run(destroyed_piece(*stage_));
}

task<result<>> kept_pieces(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    const std::string payload = io::pattern(100'000);
    const auto keeping = [](framed& from, std::string_view expected) -> task<result<>> {
        std::vector<std::pair<frame_view, net::pin>> all;
        do {
            const frame_view piece = co_await or_return(from.next_piece());
            all.emplace_back(piece, from.keep());
        } while (from.left() > 0);
        std::string joined;
        for (const auto& each : all) joined += each.first.text();
        EXPECT_TRUE(joined == expected);
        co_return {};
    };
    auto [sent, read] =
        co_await when_all(io::send_text(*far, wire(payload)), keeping(frames, payload));
    EXPECT_TRUE(sent && read);
    co_return {};
}

TEST_P(framed_pieces_test, keeps_pieces_for_work_that_goes_on_beside_it) {
    run(kept_pieces(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::frame
