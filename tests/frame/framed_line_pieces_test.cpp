// BEHAVIOUR.md "Frames", for frames that are more than their reader wants to hold and whose length
// nobody knows before their end, taken in pieces.
#include <vector>

#include <gtest/gtest.h>

#include "weir/frame/framed.hpp"
#include "weir/task/when_all.hpp"

#include "frame/sent_split.hpp"
#include "net/stage.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using net::connection;
using net::stage;
using lines = basic_framed<delimiter_codec>;

class framed_line_pieces_test : public net::stage_test {};

INSTANTIATE_TEST_SUITE_P(on, framed_line_pieces_test, testing::ValuesIn(net::stage_names()),
                         io::name_of);

// Until the frame is over.
template <class From>
task<result<std::string>> rest_of_line(From& from) {
    std::string all;
    do {
        const frame_view piece = co_await or_return(from.next_piece());
        all += piece.text();
    } while (from.in_frame());
    co_return all;
}

task<result<std::vector<std::string>>> take_in_pieces(lines& from, std::size_t count) {
    std::vector<std::string> all;
    while (all.size() < count) {
        auto one = co_await or_return(rest_of_line(from));
        all.push_back(std::move(one));
    }
    co_return all;
}

task<errc> line_error(lines& from) {
    const auto piece = co_await from.next_piece();
    co_return piece ? errc{} : piece.error().code();
}

task<result<>> lines_at_every_split(stage& on, delimiter_options protocol, std::string bytes,
                                    std::vector<std::string> expected) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    lines frames{here, protocol};
    for (std::size_t split = 0; split < bytes.size(); ++split) {
        auto [sent, got] = co_await when_all(send_split(*far, here, bytes, split),
                                             take_in_pieces(frames, expected.size()));
        EXPECT_TRUE(sent.has_value());
        EXPECT_TRUE(got.has_value() && *got == expected) << "split at " << split;
    }
    co_return {};
}

delimiter_options ending_in(std::string_view delimiter, bool keep = false) {
    delimiter_options protocol;
    protocol.delimiter = delimiter;
    protocol.keep_delimiter = keep;
    return protocol;
}

TEST_P(framed_line_pieces_test, gives_the_same_frames_however_the_bytes_are_split) {
    run(lines_at_every_split(*stage_, {}, "hello\n\nyou\n", {"hello", "", "you"}));
}

// Of which what came last may be the beginning, or not.
TEST_P(framed_line_pieces_test, finds_a_delimiter_that_comes_in_parts) {
    run(lines_at_every_split(*stage_, ending_in("\r\n"), "a\rb\r\n\r\n\r\r\n", {"a\rb", "", "\r"}));
    run(lines_at_every_split(*stage_, ending_in("aab"), "aaaabcaabaab", {"aa", "c", ""}));
    run(lines_at_every_split(*stage_, ending_in("aab", true), "aaaabcaabaab",
                             {"aaaab", "caab", "aab"}));
}

task<result<>> held_back(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    lines frames{here, ending_in("aab")};
    co_await or_return(io::send_text(*far, "hello, aa"));
    std::string got;
    while (got.size() < 7) {
        const frame_view piece = co_await or_return(frames.next_piece());
        got += piece.text();
        EXPECT_TRUE(frames.in_frame());
    }
    EXPECT_EQ(got, "hello, ") << "and not what may be its end";
    const auto nothing = co_await with_timeout(20ms, frames.next_piece());
    EXPECT_EQ(nothing.error(), errc::timed_out);
    co_await or_return(io::send_text(*far, "b"));
    const frame_view end = co_await or_return(frames.next_piece());
    EXPECT_TRUE(end.empty());
    EXPECT_FALSE(frames.in_frame());
    co_return {};
}

TEST_P(framed_line_pieces_test, holds_what_may_be_the_end_and_nothing_else) {
    run(held_back(*stage_));
}

task<result<>> long_line(stage& on) {
    static constexpr std::size_t size = std::size_t{4} << 20U;
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    delimiter_options protocol;
    protocol.max_frame_length = size;
    lines frames{here, protocol};
    const std::string payload(size, 'x');
    const auto reading = [](lines& from, connection& at, stage& in) -> task<result<>> {
        std::size_t taken = 0;
        const std::size_t free = in.loop().slabs().free();
        do {
            const frame_view piece = co_await or_return(from.next_piece());
            taken += piece.size();
            EXPECT_LE(at.input().size(), io::slab_room);
            EXPECT_LE(free - std::min(free, in.loop().slabs().free()), 2U);
            EXPECT_EQ(in.loop().assemblies().used(), 0U);
        } while (from.in_frame());
        EXPECT_EQ(taken, size);
        const frame_view next = co_await or_return(from.next());
        EXPECT_EQ(next.text(), "after it");
        co_return {};
    };
    auto [sent, read] =
        co_await when_all(io::send_text(*far, payload + "\nafter it\n"), reading(frames, here, on));
    EXPECT_TRUE(sent && read);
    co_return {};
}

TEST_P(framed_line_pieces_test, takes_a_line_of_any_size_and_holds_what_came_at_once) {
    stage_->options.input_limit = std::size_t{32} * 1024;  // next() could not take it
    run(long_line(*stage_));
}

task<result<>> rest_passed_over(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    lines frames{here};
    const std::string large(50'000, 'x');
    const auto reading = [](lines& of) -> task<result<>> {
        auto [from, to] = of.split();
        (void)co_await or_return(from.next_piece());
        EXPECT_TRUE(from.in_frame());
        const frame_view one = co_await or_return(from.next());
        EXPECT_EQ(one.text(), "one");
        (void)co_await or_return(from.next_piece());
        const frame_view two = co_await or_return(from.next());
        EXPECT_EQ(two.text(), "two");
        EXPECT_EQ(co_await or_return(rest_of_line(from)), "three");
        co_return {};
    };
    auto [sent, read] = co_await when_all(
        io::send_text(*far, large + "\none\n" + large + "\ntwo\nthree\n"), reading(frames));
    EXPECT_TRUE(sent && read);
    co_return {};
}

TEST_P(framed_line_pieces_test, passes_over_the_rest_where_another_frame_is_asked_for) {
    run(rest_passed_over(*stage_));
}

delimiter_options at_most(std::size_t bytes, std::string_view delimiter) {
    delimiter_options protocol = ending_in(delimiter);
    protocol.max_frame_length = bytes;
    return protocol;
}

task<result<>> lines_end_with(stage& on, delimiter_options protocol, std::string bytes,
                              errc expected) {
    for (std::size_t split = 0; split < bytes.size(); ++split) {
        auto [near, far] = co_await or_return(on.link());
        connection here{std::move(near), on.loop(), on.options};
        lines frames{here, protocol};
        const auto sending = [](io::transport& to, const connection& at, std::string text,
                                std::size_t cut) -> task<result<>> {
            co_await or_return(send_split(to, at, text, cut));
            to.shutdown();
            co_return {};
        };
        const auto reading = [](lines& from) -> task<errc> {
            errc outcome{};
            while (outcome == errc{}) outcome = co_await line_error(from);
            co_return outcome;
        };
        auto [sent, outcome] =
            co_await when_all(sending(*far, here, bytes, split), reading(frames));
        EXPECT_EQ(outcome, expected) << "split at " << split;
        EXPECT_EQ(co_await line_error(frames), expected) << "a second time";
        const auto next = co_await frames.next();
        EXPECT_EQ(next.error(), expected);
    }
    co_return {};
}

TEST_P(framed_line_pieces_test, refuses_a_byte_over_the_limit) {
    run(lines_end_with(*stage_, at_most(5, "\n"), "whole\nhello\n", errc::end_of_stream));
    run(lines_end_with(*stage_, at_most(5, "\n"), "whole\nhello!\n", errc::too_large));
    run(lines_end_with(*stage_, at_most(5, "--"), "whole--hello--", errc::end_of_stream));
    run(lines_end_with(*stage_, at_most(5, "--"), "whole--hello!--", errc::too_large));
    run(lines_end_with(*stage_, at_most(5, "--"), "whole--hello-!--", errc::too_large));
    run(lines_end_with(*stage_, at_most(0, "aab"), "aab!aa", errc::too_large));
}

TEST_P(framed_line_pieces_test, is_malformed_where_the_stream_ends_inside_a_frame) {
    run(lines_end_with(*stage_, {}, "whole\nhell", errc::malformed));
    run(lines_end_with(*stage_, ending_in("\r\n"), "whole\r\nhello\r", errc::malformed));
}

class framed_line_pace_test : public net::stage_test {};

// Where time passes exactly as the timers say.
INSTANTIATE_TEST_SUITE_P(on, framed_line_pace_test, testing::Values("memory", "sim"), io::name_of);

task<result<>> slow_line(stage& on, duration between, errc expected) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed_options options;
    options.frame_timeout = 1s;
    options.min_piece_rate = 10;
    lines frames{here, ending_in("xxxxxxxxxxxxxxxxxxxxy"), options};
    const auto dripping = [](io::transport& to, duration pause) -> task<result<>> {
        co_await or_return(io::send_text(to, "a"));  // which is no beginning of its end
        for (int i = 0; i < 60; ++i) {
            co_await or_return(io::send_text(to, "x"));
            co_await or_return(sleep(pause));
        }
        co_return co_await io::send_text(to, "y");
    };
    const auto reading = [](lines& from) -> task<errc> {
        errc outcome{};
        do outcome = co_await line_error(from);
        while (outcome == errc{} && from.in_frame());
        co_return outcome;
    };
    auto [sent, outcome] = co_await when_all(dripping(*far, between), reading(frames));
    (void)sent;
    EXPECT_EQ(outcome, expected);
    co_return {};
}

// What may be the end is there at each receive, and counts once.
TEST_P(framed_line_pace_test, ends_one_that_comes_below_the_least_rate) {
    run(slow_line(*stage_, 45ms, errc{}));
    run(slow_line(*stage_, 110ms, errc::timed_out));
}

}  // namespace
}  // namespace weir::inline v0::frame
