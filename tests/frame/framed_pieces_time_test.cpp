// How long a frame in pieces may take: as long as it comes, at a least rate, and no wait counts
// that is the reader's own.
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

framed_options ten_bytes_in_ten_seconds() {
    framed_options options;
    options.frame_timeout = 10s;
    options.min_piece_rate = 1;
    return options;
}

framed_options ten_bytes_in_a_second() {
    framed_options options;
    options.frame_timeout = 1s;
    options.min_piece_rate = 10;
    return options;
}

TEST(piece_pace, counts_time_that_was_waited) {
    const framed_options options = ten_bytes_in_ten_seconds();
    piece_pace pace{options};
    time_point now{};
    EXPECT_EQ(pace.wait_begins(now), now + 10s);
    pace.wait_ended(now + 4s, 5, options);
    now += 100s;
    EXPECT_EQ(pace.wait_begins(now), now + 6s) << "between two waits time stands still";
    pace.wait_ended(now + 5s, 4, options);
    EXPECT_EQ(pace.wait_begins(now), now + 1s) << "one byte is missing";
    pace.wait_ended(now + 1s, 1, options);
    EXPECT_EQ(pace.wait_begins(now), now + 10s);
}

TEST(piece_pace, wants_a_byte_at_least) {
    framed_options options = ten_bytes_in_ten_seconds();
    options.min_piece_rate = 0;
    piece_pace pace{options};
    pace.wait_ended(pace.wait_begins({}) - 1s, 0, options);
    EXPECT_EQ(pace.wait_begins({}), time_point{} + 1s);
    pace.wait_ended({}, 1, options);
    EXPECT_EQ(pace.wait_begins({}), time_point{} + 10s);
}

TEST(piece_pace, does_not_overflow) {
    framed_options options;
    options.frame_timeout = duration::max();
    options.min_piece_rate = ~std::uint64_t{0};
    piece_pace pace{options};
    EXPECT_EQ(pace.wait_begins(time_point{} + 1s), never);
    pace.wait_ended(time_point{} + 2s, 1, options);
    EXPECT_LE(pace.wait_begins(time_point{} + 2s), never);
}

class framed_pieces_time_test : public net::stage_test {};

// Where time passes exactly as the timers say.
INSTANTIATE_TEST_SUITE_P(on, framed_pieces_time_test, testing::Values("memory", "sim"),
                         io::name_of);

task<result<>> drip(io::transport& to, std::string bytes, duration between) {
    for (const char each : bytes) {
        co_await or_return(io::send_text(to, std::string(1, each)));
        co_await or_return(sleep(between));
    }
    co_return {};
}

// How many bytes of the frame came, and how it ended.
class arrival {
public:
    std::size_t bytes = 0;
    errc why{};
};

task<arrival> take_slowly(framed& from, duration between) {
    arrival got;
    do {
        const auto piece = co_await from.next_piece();
        if (!piece) {
            got.why = piece.error().code();
            break;
        }
        got.bytes += piece->size();
        co_await sleep(between);
    } while (from.left() > 0);
    co_return got;
}

class slow_frame {
public:
    explicit slow_frame(io::link ends, stage& on)
        : far_{std::move(ends.far)},
          here_{std::move(ends.near), on.loop(), on.options},
          frames_{here_, codec_options{}, ten_bytes_in_a_second()} {}

    task<arrival> comes(std::size_t size, duration between, duration reader) {
        auto [sent, got] =
            co_await when_all(drip(*far_, prefix(size) + std::string(size, 'x'), between),
                              take_slowly(frames_, reader));
        (void)sent;
        co_return got;
    }

private:
    std::unique_ptr<io::transport> far_;
    connection here_;
    framed frames_;
};

task<result<>> drips_fast_enough(stage& on) {
    auto ends = co_await or_return(on.link());
    slow_frame frame{std::move(ends), on};
    const arrival got = co_await frame.comes(40, 90ms, 0ms);
    EXPECT_EQ(got.why, errc{});
    EXPECT_EQ(got.bytes, 40U);
    co_return {};
}

TEST_P(framed_pieces_time_test, lets_a_frame_take_longer_than_its_timeout) {
    run(drips_fast_enough(*stage_));
}

task<result<>> drips_too_slowly(stage& on) {
    auto ends = co_await or_return(on.link());
    slow_frame frame{std::move(ends), on};
    const arrival got = co_await frame.comes(40, 110ms, 0ms);
    EXPECT_EQ(got.why, errc::timed_out);
    EXPECT_LT(got.bytes, 20U);
    co_return {};
}

TEST_P(framed_pieces_time_test, ends_one_that_comes_below_the_least_rate) {
    run(drips_too_slowly(*stage_));
}

task<result<>> reader_takes_its_time(stage& on) {
    auto ends = co_await or_return(on.link());
    slow_frame frame{std::move(ends), on};
    const arrival got = co_await frame.comes(4, 10ms, 2s);
    EXPECT_EQ(got.why, errc{});
    EXPECT_EQ(got.bytes, 4U);
    co_return {};
}

TEST_P(framed_pieces_time_test, does_not_count_the_time_that_the_reader_takes) {
    run(reader_takes_its_time(*stage_));
}

task<result<>> drained_in_pieces(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, prefix(10) + "begun"));
    co_await or_return(frames.next_piece());
    here.drain();
    const auto sending_late = [](io::transport& to) -> task<result<>> {
        co_await or_return(sleep(3s));
        co_return co_await io::send_text(to, "ended");
    };
    auto [sent, rest] = co_await when_all(sending_late(*far), take_slowly(frames, 0ms));
    EXPECT_TRUE(sent.has_value());
    EXPECT_EQ(rest.why, errc{});
    const time_point before = on.now();
    const auto next = co_await frames.next();
    EXPECT_EQ(next.error(), errc::timed_out);
    EXPECT_LE(on.now() - before, 1s) << "between two frames it is over soon";
    co_return {};
}

TEST_P(framed_pieces_time_test, has_a_drain_wait_for_a_frame_that_was_begun) {
    run(drained_in_pieces(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::frame
